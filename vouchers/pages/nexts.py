"""What happens next to a voucher: who holds it, and what the reader may do about it, asked before a button is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.duty import ROLE_PERMISSIONS
from agencies.roles import role_title
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.offers import earlier_acts, offers, refusal
from treasury.core.texts import either
from vouchers import draft_selectors
from vouchers.models import ReturnRequest, Voucher
from vouchers.services.agency_steps import AGENCY_STEPS, AgencyStep
from vouchers.services.certification import RELEASER, VERBS
from vouchers.services.preparation import goes_on_paper
from vouchers.states import VOUCHER

# The step that takes a voucher forward from each state: whoever may take it holds the voucher.
FORWARD: Final = {
    "draft": "submit",
    "in_review": "pass_review",
    "awaiting_accountant": "certify_accountant",
    "awaiting_head": "certify_head",
    "certified": "release",
    "released": "receive",
    "received": "accept",
    "on_hold_paper": "resume",
    "accepted": "schedule",
    "postponed": "schedule",
    "scheduled": "begin_payment",
    "paying": "complete_payment",
    "returned": "correct",
    "printed": "sign_paper",
    "paper_signed": "mail",
    "mailed": "receive_paper",
    "paper_received": "accept",
}
SIGNATURES: Final = {**{verb: capacity for capacity, verb in VERBS.items()}, "release": RELEASER}
_CAREFUL: Final = ("send_back", "withdraw", "request_return", "cancel")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a voucher waits for: `words` names the roles, `is_reader` says whether the reader is among them."""

    words: str
    step: str
    is_reader: bool


@dataclass(frozen=True, slots=True)
class Action:
    """A step the reader may take now. `url` leads to a page of its own (signing, check); else a form is sent.

    `reason` is `required`, `optional` or empty; `is_main` marks the one that takes the voucher forward.
    """

    verb: str
    title: str
    hint: str
    url: str
    reason: str
    is_main: bool

    @property
    def is_careful(self) -> bool:
        """Whether it takes the voucher back."""
        return self.verb in _CAREFUL


def holder_of(voucher: Voucher, actor: Actor) -> Holder | None:
    """Who is to act on a voucher next, None when it is over."""
    verb = FORWARD.get(voucher.state)
    if verb is None:
        return None
    step = VOUCHER.step(verb)
    roles = [role for role in ROLE_PERMISSIONS.get(step.permission, ()) if not _is_helper(verb, role)]
    names = either("、", ", ").join(role_title(role) for role in sorted(roles))
    title = either(step.title_zh, step.title_en)
    if verb in ("receive", "complete_payment"):
        names = _("公庫系統")
    return Holder(names, title, actor.role in roles)


def _is_helper(verb: str, role: str) -> bool:
    """Supervisors may schedule as well; the payer is who usually does."""
    return verb == "schedule" and role == "supervisor"


def actions_of(voucher: Voucher, actor: Actor, request: ReturnRequest | None) -> tuple[list[Action], Problem | None]:
    """The agency steps the reader may take, the forward one first, and why the forward one is not among them where
    the role would have it (separation of duty)."""
    offered = {offer.step.verb: offer for offer in offers(voucher, actor=actor)}
    if voucher.state == "in_review":
        offered.pop("pass_review" if goes_on_paper(voucher) else "print_for_paper", None)
    found = [_action(voucher, verb) for verb, offer in offered.items() if offer.is_open and verb in _ours()]
    if request is None and _may_ask(voucher, actor):
        found.append(_action(voucher, "request_return"))
    blocked = next(
        (
            offer.problem
            for verb, offer in offered.items()
            if offer.problem is not None and offer.problem.code == "separation_of_duty" and verb in _ours()
        ),
        None,
    )
    return sorted(found, key=lambda action: (not action.is_main, action.is_careful)), blocked


def _ours() -> Sequence[str]:
    return (*AGENCY_STEPS, *SIGNATURES)


def _may_ask(voucher: Voucher, actor: Actor) -> bool:
    step = AGENCY_STEPS["request_return"]
    if voucher.state not in step.sources:
        return False
    earlier = earlier_acts(Voucher, [voucher.pk]).get(voucher.pk, [])
    return refusal(actor=actor, permission=step.permission, subject=voucher, earlier=earlier) is None


def _action(voucher: Voucher, verb: str) -> Action:
    is_main = verb not in _CAREFUL
    if verb in SIGNATURES:
        step = VOUCHER.step(verb)
        url = f"{reverse('vouchers:sign')}?voucher={voucher.pk}"
        return Action(verb, either(step.title_zh, step.title_en), "", url, "", is_main)
    served: AgencyStep = AGENCY_STEPS[verb]
    # A form that somebody began is checked first; else the page that is being read says all that will be sent.
    is_begun = verb == "submit" and draft_selectors.draft_form_of(voucher) is not None
    url = reverse("vouchers:check", args=[voucher.pk]) if is_begun else ""
    return Action(verb, either(served.title_zh, served.title_en), hint_of(verb), url, served.reason, is_main)


def hint_of(verb: str) -> str:
    """What a step does, in one sentence beside its button."""
    return {
        "submit": _("送覆核後不能再修改，除非退回。"),
        "pass_review": _("覆核通過後送主辦會計人員簽證，承辦人不能再修改。"),
        "print_for_paper": _("本憑單採紙本簽證：列印後由會計與長官用印，再寄送公庫。"),
        "sign_paper": _("主辦會計人員與機關長官已在紙本用印。"),
        "mail": _("紙本已寄出，等待公庫收件。"),
        "correct": _("以同一編號重新開啟編輯，版次加一。"),
        "send_back": _("退回承辦人修改，已有的簽章作廢，版次加一。"),
        "withdraw": _("公庫收件前可取回；簽章作廢，版次加一。"),
        "request_return": _("公庫已收件，請公庫退件（退回原因 R07）；由審核人員決定。"),
        "cancel": _("取消後不能恢復，編號不得再使用。"),
    }.get(verb, "")
