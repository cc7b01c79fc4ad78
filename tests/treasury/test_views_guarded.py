"""No address is open by oversight: every view says who may open it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# The API asks for its own tokens; Django's admin for its own staff. Whoever is not logged in may log in, choose a
# language and how pages look.
ELSEWHERE = ("api/", "admin/")
OPEN = ("login/", "logout/", "i18n/setlang/", "appearance/")


def _patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, path)
        elif isinstance(one, URLPattern):
            yield path, one.callback


PAGES = [(path, view) for path, view in _patterns(get_resolver()) if not path.startswith(ELSEWHERE)]


@pytest.mark.parametrize(("path", "view"), [(path, view) for path, view in PAGES if path not in OPEN])
def test_every_page_names_who_may_open_it(path: str, view: Any) -> None:
    # Decorators of Django keep what is below them in __wrapped__ and copy its attributes.
    assert getattr(view, "allowed", ()), f"{path} is not decorated with needs()"


def test_what_is_open_is_what_it_says() -> None:
    assert {path for path, _ in PAGES} >= set(OPEN)
    assert "" in {path for path, _ in PAGES}
