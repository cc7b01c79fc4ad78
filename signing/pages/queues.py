"""What the rail shows of cards, of what they rest on, and of the log."""

from collections.abc import Iterable

from django.urls import reverse

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from treasury.core.pages.queues import Queue

_SIGNERS = frozenset({Role.ACCOUNTANT, Role.HEAD, Role.RELEASER})
_WATCHERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.TREASURY_ADMIN})
_KEEPERS = frozenset({Role.ADMIN, Role.TREASURY_ADMIN, Role.AUDITOR})


def _queue(name: str, page: str, title_zh: str, title_en: str, roles: Iterable[Role]) -> Queue:
    """A page of the group of cards."""
    return Queue(
        name=name,
        title_zh=title_zh,
        title_en=title_en,
        roles=frozenset(roles),
        url=lambda actor: reverse(f"signing:{page}"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    )


QUEUES = (
    _queue("my-cards", "mine", "我的卡片", "My cards", _SIGNERS),
    _queue("agency-cards", "registered", "人員卡片", "Cards of people", _KEEPERS),
    _queue("signers", "signers", "簽證人員登記", "Signers registered", _KEEPERS),
    _queue("card-notices", "notices", "到期訊息", "Messages on expiry", AGENCY_ROLES),
    _queue("trust", "trust", "信任資料", "Trust material", TREASURY_ROLES),
    Queue(
        name="log",
        title_zh="透明日誌",
        title_en="Transparency log",
        roles=_WATCHERS,
        url=lambda actor: reverse("log:heads"),
        is_work=False,
        group_zh="查核",
        group_en="Audit",
    ),
)
