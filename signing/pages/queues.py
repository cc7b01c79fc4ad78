"""What the rail shows of cards."""

from django.urls import reverse

from agencies.roles import Role
from treasury.core.pages.queues import Queue

_SIGNERS = frozenset({Role.ACCOUNTANT, Role.HEAD, Role.RELEASER})
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
)
