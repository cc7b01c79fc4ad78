"""Special funds and special accounts: sub-ledgers of the master account (B-5, B-33)."""

import re
from typing import Final

from django.db import transaction

from treasury.core.errors import Problem
from treasury.ledger.authorities import Kind, fund_key
from treasury.ledger.models import Authority, Fund

_CODE: Final = re.compile(r"[0-9A-Za-z._-]{1,20}")


def fund_open(*, code: str, name: str, agency_code: str) -> Fund:
    """Opens a fund's sub-ledger with nothing in it; again the same changes nothing.

    Its money comes by the event `deposit`; available is its balance less what is reserved (B-23.2.2, B-36). Problem
    `bad_fund_code`, or `conflict` when the code belongs to another fund.
    """
    if not _CODE.fullmatch(code):
        raise Problem("bad_fund_code", f"a fund's code is 1 to 20 letters and digits, not {code!r}")
    with transaction.atomic():
        fund, is_new = Fund.objects.get_or_create(code=code, defaults={"name": name, "agency_code": agency_code})
        if (fund.name, fund.agency_code) != (name, agency_code):
            raise Problem("conflict", f"fund {code} is {fund.name} of {fund.agency_code}", status=409)
        if is_new:
            Authority.objects.create(key=fund_key(code), kind=Kind.FUND, agency_code=agency_code, code=code)
        return fund
