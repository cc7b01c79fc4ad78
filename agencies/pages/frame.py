"""What every page shows around its content: who acts, the roles they may change to, their queues with counts."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from agencies.filter_models import SavedFilter
from agencies.filter_selectors import saved_filters
from agencies.roles import role_title
from agencies.selectors import agencies
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.pages.banners import banners_of
from treasury.core.pages.queues import COUNT_MAX, Queue, queues_of
from treasury.core.texts import either

THEME = "theme"
THEMES = ("light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: who acts (`actor`, `role_title`, `role_choices`), `rail` (groups of queues), `today`,
    the treasury's name, `here` (the address to come back to), `theme` (empty: as the system has it)."""
    actor: Actor | None = getattr(request, "actor", None)
    roles = getattr(request, "roles", ())
    theme = request.COOKIES.get(THEME, "")
    return {
        "actor": actor,
        "role_title": "" if actor is None else role_title(actor.role),
        "role_choices": [(held.role, role_title(held.role)) for held in roles],
        "agency_name": SimpleLazyObject(lambda: _agency_name(actor)),
        "rail": [] if actor is None else _LazyRail(actor, request.get_full_path()),
        "saved_filters": SimpleLazyObject(lambda: _saved_filters(actor)),
        "banners": SimpleLazyObject(lambda: [] if actor is None else banners_of(actor)),
        "today": clock.today(),
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "theme": theme if theme in THEMES else "",
        "treasury_name": settings.TREASURY_NAME,
        "is_production": settings.PRODUCTION,
        "session_seconds": settings.SESSION_COOKIE_AGE,
    }


def _agency_name(actor: Actor | None) -> str:
    if actor is None or not actor.agency_code:
        return ""
    return agencies().filter(code=actor.agency_code).values_list("name", flat=True).first() or ""


def _saved_filters(actor: Actor | None) -> list[SavedFilter]:
    return [] if actor is None or actor.user_id is None else saved_filters(actor.user_id)


class _LazyRail:
    """The rail, counted only when a template draws it, and once for a page."""

    def __init__(self, actor: Actor, address: str) -> None:
        self.actor = actor
        self.address = address
        self._groups: list[tuple[str, list[dict[str, Any]]]] | None = None

    def __iter__(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        if self._groups is None:
            groups: dict[str, list[dict[str, Any]]] = {}
            queues = [(queue, queue.url(self.actor)) for queue in queues_of(self.actor)]
            here = _nearest([url for _, url in queues], self.address)
            for queue, url in queues:
                line = self._line(queue, url) | {"is_here": url == here}
                groups.setdefault(either(queue.group_zh, queue.group_en), []).append(line)
            # What waits for a person to act stands above what they may look at.
            self._groups = sorted(groups.items(), key=lambda group: not any(line["is_work"] for line in group[1]))
        return iter(self._groups)

    @property
    def work(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The groups with those queues that say how many wait in them."""
        groups = [(title, [line for line in lines if line["count_text"]]) for title, lines in self]
        return [(title, lines) for title, lines in groups if lines]

    def _line(self, queue: Queue, url: str) -> dict[str, Any]:
        count = None if queue.count is None else queue.count(self.actor)
        return {
            "title": either(queue.title_zh, queue.title_en),
            "url": url,
            "count": count,
            "count_text": "" if count is None else f"{COUNT_MAX - 1}+" if count >= COUNT_MAX else str(count),
            "is_work": queue.is_work,
        }


def _nearest(urls: Iterable[str], address: str) -> str:
    """Which queue an address belongs to: the same path, and of those the one that shares the most of its query."""
    path, _, query = address.partition("?")
    given = set(parse_qsl(query))
    fitting = []
    for url in urls:
        own_path, _, own_query = url.partition("?")
        wanted = set(parse_qsl(own_query))
        if own_path == path and wanted <= given:
            fitting.append((len(wanted), url))
    return max(fitting)[1] if fitting else ""
