"""Whoever inspects reads everything and changes nothing."""

from datetime import date
from typing import Any

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from agencies.models import User
from agencies.services import person_create
from tests.agencies.conftest import CABINET
from tests.agencies.pages.world import logged_in
from tests.factories import by_force, statements
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.models import History, Parameter
from treasury.core.parameters import profile_seed
from treasury.ledger import events, reading
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw

FRIDAY = date(2025, 3, 7)
pytestmark = pytest.mark.usefixtures("agencies")
# Everybody does these for themselves: the way in and out, how pages look, one's own password.
OWN = {
    "agencies:login",
    "agencies:logout",
    "agencies:role",
    "agencies:appearance",
    "agencies:alive",
    "agencies:password",
    "agencies:filter_save",
    "agencies:filter_drop",
    "agencies:home",
}


def deposits(count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        ledger.book(
            events.DEPOSIT,
            event_ref=f"deposit-{number}",
            agency_code="",
            fiscal_year=114,
            on=FRIDAY,
            draws=[Draw.general(1_000)],
        )


def addresses(resolver: Any = None, prefix: str = "/", namespace: str = "") -> list[tuple[str, str]]:
    """(name, address) of every page of this app, with a number where one is asked for."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and pattern.namespace in (None, "agencies") and "admin" not in route:
            found += addresses(pattern, route, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern) and namespace == "agencies":
            address = route
            for part in (
                "<int:pk>",
                "<int:chain_id>",
                "<int:filter_id>",
                "<int:delivery_id>",
                "<str:code>",
                "<str:bank_code>",
                "<str:name>",
            ):
                address = address.replace(part, "1")
            found.append((f"agencies:{pattern.name}", address))
    return found


def test_an_auditor_sends_nothing_anywhere() -> None:
    auditor = logged_in("auditor")
    before = (History.objects.count(), User.objects.count(), Parameter.objects.count())
    pages = [(name, address) for name, address in addresses() if name not in OWN]

    answers = {name: auditor.post(address, {"submission": name}).status_code for name, address in pages}

    # A page that is only read shows itself; a form refuses.
    reads = {"agencies:addresses", "agencies:refused", "agencies:agencies", "agencies:agency", "agencies:banks"}
    reads |= {"agencies:bank", "agencies:budget", "agencies:calendar", "agencies:parameters", "agencies:history"}
    reads |= {"agencies:books", "agencies:postings", "agencies:delegations"}
    assert len(pages) > 25
    assert {name: code for name, code in answers.items() if name not in reads and code not in (403, 405)} == {}
    assert (History.objects.count(), User.objects.count(), Parameter.objects.count()) == before


@pytest.mark.parametrize(
    "address",
    [
        "/history/",
        "/books/",
        "/budget/",
        "/banks/",
        "/calendar/",
        "/parameters/",
        "/agencies/",
        "/addresses/",
        "/addresses/refused/",
        f"/agencies/{CABINET}/",
    ],
)
def test_an_auditor_reads_every_table(address: str) -> None:
    profile_seed("nta")

    assert logged_in("auditor").get(address).status_code == 200


def test_the_history_is_narrowed_by_kind_person_agency_and_day() -> None:
    lin = person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=SYSTEM)
    auditor = logged_in("auditor")
    url = "/history/?kind=person&person=system&on=114/3/7"

    assert "林美玲" in auditor.get(url).content.decode()
    assert f"/people/{lin.pk}/" in auditor.get(f"/history/?subject={lin.pk}").content.decode()
    for other in ("kind=voucher", "person=lin", f"agency={CABINET}", "on=114/3/6"):
        assert "林美玲" not in auditor.get(f"/history/?{other}").content.decode()
    assert "林美玲" in auditor.get("/history/?format=csv").content.decode("utf-8-sig")


def test_the_history_asks_as_often_for_many_as_for_few() -> None:
    auditor = logged_in("auditor")
    person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=SYSTEM)
    few = statements(lambda: auditor.get("/history/"))
    History.objects.bulk_create(
        History(
            at=clock.now(),
            machine="person",
            subject_id=1,
            verb="change",
            source="",
            target="",
            actor_name="x",
            actor_role="admin",
            actor_agency_code=CABINET,
            address="",
            because="",
        )
        for _ in range(1500)
    )

    assert statements(lambda: auditor.get("/history/")) == few
    assert "1,000+" in auditor.get(f"/history/?agency={CABINET}").content.decode()


def test_the_books_balance_on_the_page_and_every_seal_is_computed_anew() -> None:
    deposits(3)
    auditor = logged_in("auditor")
    chain = reading.chains().get()

    books = auditor.get("/books/").content.decode()
    postings = auditor.get(f"/books/{chain.pk}/").content.decode()

    assert "3,000" in books and "借貸相符" in books and "借貸不相符" not in books
    assert postings.count("封印相符") == 3 and "封印不符" not in postings
    assert "deposit-2" in postings and auditor.get("/books/999999/").status_code == 404


def test_a_posting_changed_after_the_fact_shows() -> None:
    deposits(3)
    by_force("UPDATE ledger_entry SET amount_twd = 1001 WHERE posting_id = (SELECT min(id) FROM ledger_posting)")

    page = logged_in("auditor").get(f"/books/{reading.chains().get().pk}/").content.decode()

    assert page.count("封印不符") == 1 and page.count("封印相符") == 2
    assert "曾被更動" in page


def test_the_books_ask_as_often_for_many_postings_as_for_few() -> None:
    deposits(2)
    auditor = logged_in("auditor")
    url = f"/books/{reading.chains().get().pk}/"
    few = statements(lambda: auditor.get(url))
    deposits(40, first=2)

    assert statements(lambda: auditor.get(url)) == few


@pytest.mark.parametrize("address", ["/history/", "/books/", "/addresses/", "/parameters/"])
def test_an_agency_does_not_read_what_is_the_treasurys(address: str) -> None:
    for role in ("clerk", "admin", "head"):
        assert logged_in(role, CABINET).get(address).status_code == 403
