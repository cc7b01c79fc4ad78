"""Queues in the rail, panels of a page, finders of the search box: each told by the app that owns it."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import translation

from agencies.pages.frame import frame
from tests.core.drafts import CABINET
from treasury.core.actors import Actor
from treasury.core.pages import finders, panels, queues
from treasury.core.pages.panels import Panel
from treasury.core.pages.queues import COUNT_MAX, Queue

CLERK = Actor(user_id=None, name="承辦", role="clerk", agency_code=CABINET, address="")


def _queue(name: str, url: str, count: int | None = None, **more: Any) -> Queue:
    counted = None if count is None else lambda actor: count
    return Queue(name, f"{name}清單", f"List {name}", frozenset({"clerk"}), lambda actor: url, counted, **more)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No queue, panel or finder of the apps."""
    monkeypatch.setattr(queues, "_queues", [])
    monkeypatch.setattr(panels, "_makers", {"voucher": []})
    monkeypatch.setattr(finders, "_finders", [])


def _rail(address: str = "/") -> Any:
    request = RequestFactory().get(address)
    request.actor = CLERK  # type: ignore[attr-defined]
    return frame(request)["rail"]


def test_the_rail_groups_the_queues_of_the_role_with_their_counts() -> None:
    queues.register(_queue("a", "/v/?state=a", 3), _queue("b", "/v/", group_zh="憑單"), _queue("c", "/c/", COUNT_MAX))
    queues.register(_queue("a", "/elsewhere/"))
    queues.register(Queue("x", "他人", "Others", frozenset({"head"}), lambda actor: "/x/"))

    rail = dict(_rail())

    assert [(line["title"], line["count_text"]) for line in rail["工作"]] == [("a清單", "3"), ("c清單", "999+")]
    assert [line["url"] for line in rail["憑單"]] == ["/v/"]
    assert [title for title, _ in _rail().work] == ["工作"]
    with translation.override("en"):
        assert dict(_rail())["Work"][0]["title"] == "List a"


def test_what_waits_to_be_done_stands_above_what_is_to_be_looked_at() -> None:
    queues.register(_queue("look", "/l/", is_work=False, group_zh="參考"), _queue("do", "/d/"), _queue("ad", "/a/"))

    assert [(title, [line["url"] for line in lines]) for title, lines in _rail()] == [
        ("工作", ["/d/", "/a/"]),
        ("參考", ["/l/"]),
    ]


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/v/?state=a&page=2", "a"),
        ("/v/?page=2", "all"),
        ("/v/?state=c", "all"),
        ("/w/", None),
    ],
)
def test_the_queue_one_is_in_is_the_one_that_shares_most_of_the_address(address: str, here: str | None) -> None:
    queues.register(_queue("a", "/v/?state=a"), _queue("b", "/v/?state=b"), _queue("all", "/v/"))

    lines = dict(_rail(address))["工作"]

    assert [line["title"] for line in lines if line["is_here"]] == ([f"{here}清單"] if here else [])


def test_a_count_is_asked_for_once_and_only_when_a_page_draws_it() -> None:
    asked = []
    queues.register(Queue("a", "a", "a", frozenset({"clerk"}), lambda actor: "/", lambda actor: asked.append(1) or 1))  # type: ignore[func-returns-value]

    rail = _rail()
    assert asked == []
    assert (list(rail), list(rail), rail.work) and asked == [1]


def test_panels_come_in_order_and_only_where_there_is_something_to_say() -> None:
    def first(subject: Any, actor: Actor) -> Panel | None:
        return Panel("a", "甲", "x.html", {"subject": subject})

    panels.register("voucher", first)
    panels.register("voucher", lambda subject, actor: None)
    panels.register("voucher", first)

    assert [panel.context for panel in panels.panels_of("voucher", 7, CLERK)] == [{"subject": 7}]


def test_a_finder_is_known_once() -> None:
    finder = finders.Finder("a", "甲", "A", lambda actor, text: [])

    finders.register(finder)
    finders.register(finder)

    assert finders.finders() == [finder]
