"""What the rail shows of cards."""

from django.urls import reverse

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from treasury.core.pages.queues import Queue

_SIGNERS = frozenset({Role.ACCOUNTANT, Role.HEAD, Role.RELEASER})
_WATCHERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.TREASURY_ADMIN})
_KEEPERS = frozenset({Role.ADMIN, Role.TREASURY_ADMIN, Role.AUDITOR})

QUEUES = (
    Queue(
        name="my-cards",
        title_zh="我的卡片",
        title_en="My cards",
        roles=_SIGNERS,
        url=lambda actor: reverse("signing:mine"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    ),
    Queue(
        name="agency-cards",
        title_zh="人員卡片",
        title_en="Cards of people",
        roles=_KEEPERS,
        url=lambda actor: reverse("signing:registered"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    ),
    Queue(
        name="signers",
        title_zh="簽證人員登記",
        title_en="Signers registered",
        roles=_KEEPERS,
        url=lambda actor: reverse("signing:signers"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    ),
    Queue(
        name="card-notices",
        title_zh="到期訊息",
        title_en="Messages on expiry",
        roles=frozenset(AGENCY_ROLES),
        url=lambda actor: reverse("signing:notices"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    ),
    Queue(
        name="trust",
        title_zh="信任資料",
        title_en="Trust material",
        roles=frozenset(TREASURY_ROLES),
        url=lambda actor: reverse("signing:trust"),
        is_work=False,
        group_zh="憑證卡",
        group_en="Cards",
        place=9,
    ),
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
