"""Every page a person can reach by links, one of each kind: for pictures, and for what all pages are held to."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.browser.person import Person

_NOT_PAGES = (".pdf", ".xml", ".json", ".csv", ".ods", ".xlsx", ".txt", ".zip", ".note", ".tst")
_LEFT_ALONE = ("/logout/", "/admin/", "/i18n/", "/static/")
PAGES_MAX = 80


@dataclass(frozen=True, slots=True)
class Reached:
    """A page somebody stands on: the name of its view, its address, the status it answered with."""

    view: str
    path: str
    status: int


def crawl(person: Person, start: str = "/") -> Iterator[Reached]:
    """Follows links from page to page; of pages with the same view one is enough. The page yielded is the one shown."""
    waiting, known = deque([start]), {_view(start)}
    while waiting and len(known) <= PAGES_MAX:
        path = waiting.popleft()
        answer = person.page.goto(path)
        assert answer is not None
        yield Reached(_view(path), path, answer.status)
        for found in _links(person, path):
            if _view(found) not in known:
                known.add(_view(found))
                waiting.append(found)


def _links(person: Person, path: str) -> list[str]:
    """Addresses within the site that the page shown leads to."""
    hrefs: list[str] = person.page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
    found = []
    for href in hrefs:
        address = urlsplit(urljoin(person.page.url, href))
        target = address.path + (f"?{address.query}" if address.query else "")
        if f"{address.scheme}://{address.netloc}" == person.served.url and _is_page(target):
            found.append(target)
    return found


def _is_page(target: str) -> bool:
    path = urlsplit(target).path
    is_file = path.endswith(_NOT_PAGES) or "format=" in target
    return not is_file and not path.startswith(_LEFT_ALONE) and _view(target) != ""


def _view(target: str) -> str:
    """The name of the view behind an address, empty where there is none."""
    try:
        return resolve(urlsplit(target).path).view_name
    except Resolver404:
        return ""
