"""Every step that a person at the treasury takes on a voucher, by its verb: pages, API and rights ask this one table.

What workers do by themselves (receive, reject, complete_payment) and what an acceptance does by itself (post) is not
here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from disbursement.selectors.desk import UNDECIDED
from disbursement.services.examination import voucher_accept, voucher_examine
from disbursement.services.paper import PaperCheck, voucher_hold_for_paper, voucher_receive_paper, voucher_resume
from disbursement.services.payment import voucher_begin_payment, voucher_postpone, voucher_schedule
from disbursement.services.returns import voucher_return
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import authorize
from vouchers.states import VOUCHER

if TYPE_CHECKING:
    from vouchers.models import Voucher

# What no rule can see and the examiner ticks: the purpose fits the allotment (B-23.2.3), nothing is wrong (B-23.3).
EXAMINER_CHECKS: Final = ("B-23.2.3", "B-23.3")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says with a step: words, return reasons, the examiner's ticks, what was found on paper."""

    because: str = ""
    reasons: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    paper: PaperCheck = field(default_factory=PaperCheck)


Take = Callable[["Voucher", Actor, Given], object]


def voucher_step(*, voucher: Voucher, verb: str, actor: Actor, given: Given) -> object:
    """Takes a treasury step on a voucher and returns what its service returns.

    Problem `step_unknown` (404) for a verb that is none, and those of the step's own service.
    """
    if verb not in TREASURY_STEPS:
        raise Problem("step_unknown", _("公庫沒有這個步驟：%(verb)s") % {"verb": verb}, status=404)
    step = VOUCHER.step(verb)
    # Before anything that was given is looked at: whoever may not is told so first.
    authorize(actor=actor, permission=step.permission, agency_code=voucher.agency_code, earlier=())
    return TREASURY_STEPS[verb](voucher, actor, given)


def _accept(voucher: Voucher, actor: Actor, given: Given) -> object:
    """Accepts what the rules find nothing in and the examiner has ticked: an exception is never a click."""
    if set(EXAMINER_CHECKS) - set(given.checks):
        raise Problem("check_missing", _("通過前請逐項勾選審核事項"), path="/checks")
    if voucher.state in UNDECIDED and voucher_examine(voucher=voucher).findings:
        raise Problem("findings_open", _("規則檢核仍有不符事項，不得通過"), path="/findings")
    return voucher_accept(voucher=voucher, actor=actor, checks=given.checks)


def _return(voucher: Voucher, actor: Actor, given: Given) -> object:
    """Returns with the findings of the reasons that are marked: the notice says what to mend."""
    findings = voucher_examine(voucher=voucher).findings if voucher.state in UNDECIDED else ()
    return voucher_return(
        voucher=voucher,
        actor=actor,
        reasons=given.reasons,
        findings=[finding.as_dict() for finding in findings if finding.reason in given.reasons],
        note=given.because,
    )


def _schedule(voucher: Voucher, actor: Actor, given: Given) -> object:
    row = voucher_schedule(voucher=voucher, actor=actor)
    if row is None:
        raise Problem("roster_not_delivered", _("受款人劃帳清冊尚未送達，不得排定支付（B-14.1.2）"), status=409)
    return row


TREASURY_STEPS: Final[Mapping[str, Take]] = {
    "accept": _accept,
    "return_to_agency": _return,
    "hold_for_paper": lambda voucher, actor, given: voucher_hold_for_paper(
        voucher=voucher, actor=actor, because=given.because
    ),
    "resume": lambda voucher, actor, given: voucher_resume(voucher=voucher, actor=actor, check=given.paper),
    "receive_paper": lambda voucher, actor, given: voucher_receive_paper(
        voucher=voucher, actor=actor, check=given.paper
    ),
    "postpone": lambda voucher, actor, given: voucher_postpone(voucher=voucher, actor=actor, because=given.because),
    "schedule": _schedule,
    "begin_payment": lambda voucher, actor, given: voucher_begin_payment(voucher=voucher, actor=actor),
}
