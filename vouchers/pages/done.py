"""The page that stays after a step: which voucher, when, by whom, and what happens next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.pages.access import needs
from treasury.core.errors import Problem
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.pages.form_places import own_voucher


@needs("vouchers.view_voucher")
def done(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The last time a step was taken on a voucher; Problem `not_found` (404) for one that never was."""
    voucher = own_voucher(request, pk)
    taken = _taken(voucher, verb)
    if taken is None:
        raise Problem("not_found", f"{voucher.reference}: {verb} was never done", status=404)
    context = {"voucher": voucher, "taken": taken, "verb": verb, "next_words": next_words(verb)}
    return render(request, "vouchers/done.html", context)


def _taken(voucher: Voucher, verb: str) -> dict[str, Any] | None:
    """Who took a step last, and when; None when nobody did."""
    if verb == "request_return":
        asked = selectors.return_request_of(voucher)
        return None if asked is None else {"at": asked.requested_at, "actor_name": asked.actor_name}
    steps = [step for step in selectors.history_of(voucher) if step["verb"] == verb]
    return steps[-1] if steps else None


def next_words(verb: str) -> str:
    """What happens after a step, in one sentence; empty for a step that ends the way."""
    return {
        "submit": _("覆核人員將核對憑單；通過後由主辦會計人員簽證。覆核前如需修改，請洽覆核人員退回。"),
        "pass_review": _("主辦會計人員將以憑證卡簽證，其後由機關長官簽證。"),
        "certify_accountant": _("機關長官將以憑證卡簽證。"),
        "certify_head": _("憑單已完成簽證，待放行人員放行至公庫。"),
        "release": _("公庫收件後即進行審核；收件前仍可取回。"),
        "send_back": _("承辦人員修改後再送覆核；原簽章不再有效。"),
        "withdraw": _("憑單已回到編輯中，修改後須重新覆核、簽證及放行。"),
        "correct": _("憑單已回到編輯中，以原編號更正後再送覆核。"),
        "cancel": _("憑單不再支付；其編號不得再使用。"),
        "request_return": _("公庫將決定是否退件；退件前憑單仍依原內容處理。"),
        "print_for_paper": _("請列印紙本，由主辦會計人員及機關長官用印後寄送公庫。"),
        "sign_paper": _("請將用印之紙本寄送公庫。"),
        "mail": _("公庫收到紙本後即進行審核。"),
    }.get(verb, "")
