"""Pages as their readers get them, without a browser."""

import re
from html import unescape

from django.test import Client

from agencies.models import User

_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<[^>]+>")


def client_of(username: str, *, language: str = "zh-hant") -> Client:
    """A browser in which a person has logged in and chosen a language."""
    client = Client()
    client.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def words(response: object) -> str:
    """What a page says, without its markup."""
    text: str = response.content.decode()  # type: ignore[attr-defined]
    return _SPACE.sub(" ", unescape(_TAG.sub(" ", text))).strip()
