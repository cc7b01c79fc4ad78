"""The clerk's own queue: the forms they have begun."""

from typing import Final

from django.urls import reverse

from agencies.roles import Role
from treasury.core.actors import Actor
from treasury.core.pages.queues import COUNT_MAX, Queue
from vouchers import draft_selectors


def _mine(actor: Actor) -> int:
    return draft_selectors.draft_forms(actor.agency_code).filter(owner_id=actor.user_id)[:COUNT_MAX].count()


QUEUES: Final = (
    Queue(
        "forms",
        "填寫中之表單",
        "Forms being filled in",
        frozenset({Role.CLERK}),
        lambda actor: reverse("vouchers:drafts"),
        _mine,
    ),
)
