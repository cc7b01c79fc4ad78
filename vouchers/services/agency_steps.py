"""Every step of the agency that is taken by a button, as one table: what serves it, and whether it wants a reason.

Signing is not among them: a signature comes with its bytes (`certification`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import authorize
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.services import paper, preparation, return_requests
from vouchers.states import STATES, VOUCHER

Take = Callable[[Voucher, Actor, str], Voucher]


@dataclass(frozen=True, slots=True)
class AgencyStep:
    """A verb with the service that takes it; `reason` is `required`, `optional` or empty for none."""

    verb: str
    take: Take
    permission: str
    sources: tuple[str, ...]
    title_zh: str
    title_en: str
    reason: str = ""


def _of_machine(verb: str, take: Take, reason: str = "") -> AgencyStep:
    step = VOUCHER.step(verb)
    return AgencyStep(verb, take, step.permission, step.sources, step.title_zh, step.title_en, reason)


_ALL: Final = (
    _of_machine("submit", lambda row, actor, _: preparation.voucher_submit(voucher=row, actor=actor)),
    _of_machine("pass_review", lambda row, actor, _: preparation.voucher_pass_review(voucher=row, actor=actor)),
    _of_machine("print_for_paper", lambda row, actor, _: paper.voucher_print_for_paper(voucher=row, actor=actor)),
    _of_machine("sign_paper", lambda row, actor, _: paper.voucher_sign_paper(voucher=row, actor=actor)),
    _of_machine(
        "mail", lambda row, actor, because: paper.voucher_mail(voucher=row, actor=actor, because=because), "optional"
    ),
    _of_machine("correct", lambda row, actor, _: preparation.voucher_correct(voucher=row, actor=actor)),
    _of_machine(
        "send_back",
        lambda row, actor, because: preparation.voucher_send_back(voucher=row, actor=actor, because=because),
        "required",
    ),
    _of_machine(
        "withdraw",
        lambda row, actor, because: preparation.voucher_withdraw(voucher=row, actor=actor, because=because),
        "required",
    ),
    AgencyStep(
        "request_return",
        lambda row, actor, because: return_requests.return_request(voucher=row, actor=actor, because=because),
        return_requests.PERMISSION,
        return_requests.STATES,
        "申請退件",
        "Ask for return",
        "required",
    ),
    _of_machine(
        "cancel",
        lambda row, actor, because: preparation.voucher_cancel(voucher=row, actor=actor, because=because),
        "required",
    ),
)
AGENCY_STEPS: Final[Mapping[str, AgencyStep]] = {step.verb: step for step in _ALL}


def agency_step(verb: str) -> AgencyStep:
    """The step of a verb; Problem `unknown_step` (404)."""
    if verb not in AGENCY_STEPS:
        raise Problem("unknown_step", f"there is no step {verb}", status=404)
    return AGENCY_STEPS[verb]


def agency_step_take(*, verb: str, voucher: Voucher, actor: Actor, because: str = "") -> Voucher:
    """Takes a step by its verb and returns the fresh voucher.

    Problem `unknown_step` (404), `because_missing` where the step wants a reason, and what the step's own service says.
    """
    step = agency_step(verb)
    # Before anything that was given is looked at: whoever may not is told so first.
    authorize(actor=actor, permission=step.permission, agency_code=voucher.agency_code, earlier=())
    because = because.strip()
    if step.reason == "required" and not because:
        raise Problem("because_missing", "請填寫原因", path="/because")
    return step.take(voucher, actor, because)


def voucher_seen(*, voucher_id: int, revision: int, state: str) -> Voucher:
    """A voucher, held until the transaction ends, if it still stands as a page showed it.

    Problem `seen_is_stale` (409) when somebody has moved it since: nobody decides on what they do not see.
    """
    row = selectors.voucher(voucher_id, locked=True)
    if (row.revision, row.state) != (revision, state):
        detail = f"憑單 {row.number} 目前為第 {row.revision} 版「{STATES[row.state][0]}」，與您開啟的畫面不同"
        raise Problem("seen_is_stale", detail, status=409)
    return row
