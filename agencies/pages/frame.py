"""What every page shows around its content: who acts, the roles they may change to, their queues with counts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.pages.queues import COUNT_MAX, Queue, queues_of
from treasury.core.texts import either


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `actor`, `roles`, `rail` (groups of queues), `today`, the treasury's name."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "actor": actor,
        "roles": getattr(request, "roles", ()),
        "rail": [] if actor is None else _LazyRail(actor, request.path),
        "today": clock.today(),
        "treasury_name": settings.TREASURY_NAME,
        "is_production": settings.PRODUCTION,
        "session_seconds": settings.SESSION_COOKIE_AGE,
    }


class _LazyRail:
    """The rail, counted only when a template draws it."""

    def __init__(self, actor: Actor, path: str) -> None:
        self.actor = actor
        self.path = path

    def __iter__(self) -> Any:
        groups: dict[str, list[dict[str, Any]]] = {}
        for queue in queues_of(self.actor):
            groups.setdefault(either(queue.group_zh, queue.group_en), []).append(self._line(queue))
        return iter(groups.items())

    def _line(self, queue: Queue) -> dict[str, Any]:
        count = None if queue.count is None else queue.count(self.actor)
        url = queue.url(self.actor)
        return {
            "title": either(queue.title_zh, queue.title_en),
            "url": url,
            "count": count,
            "count_text": "" if count is None else f"{COUNT_MAX - 1}+" if count >= COUNT_MAX else str(count),
            "is_here": self.path == url.partition("?")[0],
            "is_work": queue.is_work,
        }
