"""People at their browsers: whoever holds a role is logged in and acts in it."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from agencies.models import User
from agencies.selectors import person_for
from treasury.core import clock

Login = Callable[..., Client]


def logged_in(role: str, agency_code: str = "") -> Client:
    """The browser of the person who holds a role at an agency (empty: the treasury)."""
    return at_work(person_for(agency_code, role, clock.today()), role)


def at_work(user: User, role: str = "") -> Client:
    """The browser of a person, acting in a role."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if role:
        session = client.session
        session["role"] = role
        session.save()
    return client


def key_of(page: Any) -> str:
    """The key of the first form of a page that has one."""
    found = re.search(r'name="submission" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()[:2000]
    return found.group(1)


def send(client: Client, form_url: str, url: str = "", **values: Any) -> Any:
    """Loads a form and sends it, as a person does; `url` where the form goes to when that is elsewhere."""
    page = client.get(form_url)
    assert page.status_code == 200, page.content.decode()[:2000]
    return client.post(url or form_url, {"submission": key_of(page), **values})
