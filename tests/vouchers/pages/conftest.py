"""People of 行政院, the museum and the treasury at their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from agencies.models import User
from tests.factories import CABINET, Desk
from treasury.core.pages.submissions import submission_key

Login = Callable[..., Client]


@pytest.fixture
def login(desk: Desk) -> Login:
    """A browser in which somebody of a role has logged in."""

    def open_as(role: str, agency_code: str = CABINET) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=desk.actor(role, agency_code).user_id))
        client.post("/role/", {"role": role})
        return client

    return open_as


def form(**fields: object) -> dict[str, object]:
    """The fields of a form with a fresh key."""
    return {"submission": submission_key(), **fields}
