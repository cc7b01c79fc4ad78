"""The queues of an agency's roles: what waits for each of them, and where all vouchers are to be found."""

from collections.abc import Callable

from django.urls import reverse

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from treasury.core.actors import Actor
from treasury.core.pages.queues import COUNT_MAX, Queue, register
from vouchers import selectors
from vouchers.pages import draft_queues
from vouchers.states import STATES

# name, state, who acts, title; the oldest waits first.
_WORK: tuple[tuple[str, str, tuple[Role, ...], str, str], ...] = (
    ("drafts", "draft", (Role.CLERK,), "編輯中", "Drafts"),
    ("returned", "returned", (Role.CLERK,), "公庫退件，待更正", "Returned, to be corrected"),
    ("review", "in_review", (Role.REVIEWER,), "待覆核", "To be reviewed"),
    ("certify_accountant", "awaiting_accountant", (Role.ACCOUNTANT,), "待會計簽證", "To be certified by you"),
    ("certify_head", "awaiting_head", (Role.HEAD,), "待長官簽證", "To be certified by you"),
    ("release", "certified", (Role.RELEASER,), "待放行", "To be released"),
    ("printed", "printed", (Role.CLERK, Role.RELEASER), "紙本待用印", "Paper, to be sealed"),
    ("paper_signed", "paper_signed", (Role.CLERK, Role.RELEASER), "紙本待寄送", "Paper, to be mailed"),
)


def state_url(state: str) -> str:
    """The list of the vouchers that stand in a state."""
    return f"{reverse('vouchers:list')}?state={state}"


def register_queues() -> None:
    """Tells home and rail of the queues; called when the app is ready."""
    register(*draft_queues.QUEUES)
    register(*(_work(name, state, roles, zh, en) for name, state, roles, zh, en in _WORK))
    register(
        Queue(
            name="transmission",
            title_zh="傳送情形",
            title_en="Transmission",
            roles=frozenset((Role.CLERK, Role.ACCOUNTANT, Role.RELEASER)),
            url=lambda actor: reverse("vouchers:transmission"),
            count=_counted("released"),
            is_work=False,
            group_zh="憑單",
            group_en="Vouchers",
        ),
        Queue(
            name="vouchers",
            title_zh="所有憑單",
            title_en="All vouchers",
            roles=frozenset((*AGENCY_ROLES, *TREASURY_ROLES)),
            url=lambda actor: reverse("vouchers:list"),
            is_work=False,
            group_zh="憑單",
            group_en="Vouchers",
        ),
    )


def _work(name: str, state: str, roles: tuple[Role, ...], title_zh: str, title_en: str) -> Queue:
    assert state in STATES
    return Queue(
        name=name,
        title_zh=title_zh,
        title_en=title_en,
        roles=frozenset(roles),
        url=lambda actor: state_url(state),
        count=_counted(state),
    )


def _counted(state: str) -> Callable[[Actor], int]:
    return lambda actor: selectors.vouchers_waiting(actor.agency_code, [state], most=COUNT_MAX)
