"""憑單退件通知書: why a voucher went back, and how to mend it (B-24)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from disbursement.documents.wording import numbered, person
from disbursement.models import ReturnNotice
from treasury.core.documents import shapes
from vouchers.reasons import Reason
from vouchers.rules import CATALOGUE
from vouchers.rules.catalogue import Binds
from vouchers.summaries import VoucherSummary, voucher_summaries
from vouchers.words import KINDS, field_words


def notices_of(*, on: date) -> QuerySet[ReturnNotice]:
    """The notices of a day by number."""
    return ReturnNotice.objects.filter(returned_on=on).order_by("fiscal_year", "notice_no")


def notice_shapes(notices: Iterable[ReturnNotice]) -> list[shapes.ReturnNotice]:
    """Return notices as their form prints them, in the order given, each over the revision that went back."""
    rows = list(notices)
    summaries = voucher_summaries((row.voucher_id, row.revision) for row in rows)
    return [_shape(row, summaries[row.voucher_id, row.revision]) for row in rows]


def _shape(notice: ReturnNotice, voucher: VoucherSummary) -> shapes.ReturnNotice:
    return shapes.ReturnNotice(
        treasury=settings.TREASURY_NAME,
        notice_no=numbered(notice.fiscal_year, notice.notice_no),
        agency_code=voucher.agency_code,
        agency_name=voucher.agency_name,
        fiscal_year=voucher.fiscal_year,
        voucher_kind=voucher.kind,
        number=voucher.number,
        revision=notice.revision,
        issued_on=voucher.issue_on,
        returned_at=notice.returned_at,
        examiner=person(notice.examiner_name),
        total_twd=voucher.total_twd,
        payee=voucher.payee,
        purpose=voucher.purpose,
        note=notice.note,
        reasons=tuple(
            shapes.NoticeReason(code=reason.value, text=reason.zh, is_marked=reason.value in notice.reasons)
            for reason in Reason
        ),
        findings=tuple(_finding(finding, voucher.kind) for finding in notice.findings),
    )


def _finding(finding: Mapping[str, Any], kind: str) -> shapes.NoticeFinding:
    return shapes.NoticeFinding(
        rule=finding["rule"],
        reason=finding["reason"],
        field=field_words(finding["path"]),
        message=finding["message"],
        remedy=remedy(rule=finding["rule"], reason=finding["reason"], kind=kind),
    )


def remedy(*, rule: str, reason: str, kind: str) -> str:
    """How to mend what a rule (requirement ID) found for a reason in a voucher of a kind (in words).

    Where several rules of one article share the reason, all their remedies; empty for a rule that no longer is.
    """
    found = _REMEDIES[kind == KINDS["transfer"]].get((rule, reason), ())
    return "；或".join(dict.fromkeys(found))


def _remedies(*, is_transfer: bool) -> dict[tuple[str, str], list[str]]:
    remedies: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in CATALOGUE:
        if rule.binds is Binds.EVERY_VOUCHER or is_transfer == (rule.binds is Binds.TRANSFER):
            remedies[rule.requirement, rule.reason.value].append(rule.remedy.zh)
    return dict(remedies)


_REMEDIES = {is_transfer: _remedies(is_transfer=is_transfer) for is_transfer in (False, True)}
