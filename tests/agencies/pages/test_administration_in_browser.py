"""Pages of administrators and auditors in a real browser: axe in both languages and colours, narrow screens, a dialogue
from the form to the page that stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.models import AccessRequest, Agency, ApiClient, BankBranch, RefusedAddress, User
from agencies.selectors import actor_for, person_for
from agencies.services import person_create, role_grant
from agencies.services.access import access_request
from agencies.services.clients import client_create
from tests.agencies.conftest import CABINET
from tests.agencies.pages.world import logged_in
from tests.browser.chromium import cut_off, violations
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.corrections import calendar_day_correct
from treasury.core.parameters import parameter_set, profile_seed
from treasury.ledger import events, reading
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw

Open = Callable[..., Page]


@pytest.fixture
def opened(
    browser: Browser, live_server: LiveServer, agencies: tuple[Agency, Agency], tmp_path: Path, settings: Settings
) -> Open:
    """The browser of the person who holds a role, at a treasury where something has happened."""
    settings.ALLOWED_HOSTS = ["*"]
    _furnish(tmp_path)

    def open_page(role: str, agency_code: str = "", language: str = "zh-hant", **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="zh-TW", **options)  # type: ignore[arg-type]
        session = logged_in(role, agency_code).cookies["sessionid"].value
        cookies = {"sessionid": session, "django_language": language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        return context.new_page()

    return open_page


def _furnish(folder: Path) -> None:
    profile_seed("nta")
    admin = actor_for("", "treasury_admin", clock.today())
    lin = person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=SYSTEM)
    role_grant(user_id=lin.pk, role="clerk", actor=SYSTEM, because="接辦採購付款業務")
    access_request(user=lin, role="reviewer", reason="代理覆核")
    client_create(agency_code=CABINET, name="會計系統", scopes=["vouchers:read"], actor=admin)
    tuesday = clock.today().replace(day=11)
    calendar_day_correct(on=tuesday, works=False, note="颱風停止上班", actor=admin)
    july = clock.today().replace(month=7, day=1)
    parameter_set(name="epay_limit_twd", text="10000000", from_on=july, actor=admin, because="院授主會財字第1號")
    BankBranch.objects.create(
        bank_code="0040059", institution_code="004", institution_name="臺灣銀行", branch_name="公庫部", address="臺北市"
    )
    RefusedAddress.objects.create(
        at=clock.now(), agency_code=CABINET, address="198.51.100.9", path="/vouchers/", what="lin"
    )
    file = folder / "budget.csv"
    head = "account_code,account_name,level,agency_code,agency_name,amount_twd,gate\n"
    file.write_text(f"{head}3203010100,一般行政,目,{CABINET},行政院,12000000,current\n", "utf-8")
    ledger.budget_import(path=file, fiscal_year=114)
    draws = [Draw.general(9_000_000)]
    ledger.book(events.DEPOSIT, event_ref="d1", agency_code="", fiscal_year=114, on=clock.today(), draws=draws)


def _pages() -> list[tuple[str, str, str]]:
    """(role, agency code, address) of every page, as seen by who uses it most."""
    lin, client = User.objects.get(username="lin"), ApiClient.objects.get()
    request, chain = AccessRequest.objects.get(), reading.chains().get()
    agency = [
        *("/people/", "/people/new/", f"/people/{lin.pk}/", "/access-requests/", f"/access-requests/{request.pk}/"),
        *("/access-requests/new/", f"/agencies/{CABINET}/", "/api-clients/", "/api-clients/new/"),
        *(f"/api-clients/{client.pk}/", "/password/"),
    ]
    treasury = [
        *("/agencies/", "/agencies/new/", f"/agencies/{CABINET}/", "/agencies/upload/", "/addresses/"),
        *("/addresses/refused/", "/banks/", "/banks/0040059/", "/banks/upload/", "/budget/", "/budget/upload/"),
        *("/calendar/", "/parameters/", "/parameters/epay_limit_twd/", "/parameters/required_capacities/"),
    ]
    audit = ["/history/", "/books/", f"/books/{chain.pk}/"]
    return [
        *(("admin", CABINET, one) for one in agency),
        *(("treasury_admin", "", one) for one in treasury),
        *(("auditor", "", one) for one in audit),
    ]


@pytest.mark.parametrize(("language", "scheme"), [("zh-hant", "light"), ("en", "dark")])
def test_every_page_is_clean_for_axe(language: str, scheme: str, opened: Open) -> None:
    found = {}
    pages: dict[str, Page] = {}
    for role, agency_code, address in _pages():
        if role not in pages:
            pages[role] = opened(role, agency_code, language, color_scheme=scheme)
        page = pages[role]
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        found[address] = violations(page)

    assert {address: lines for address, lines in found.items() if lines} == {}


def test_nothing_hangs_over_the_edge_at_twice_the_size(opened: Open) -> None:
    beyond = {}
    pages: dict[str, Page] = {}
    for role, agency_code, address in _pages():
        if role not in pages:
            pages[role] = opened(role, agency_code, viewport={"width": 640, "height": 700})
        page = pages[role]
        page.goto(address)
        beyond[address] = cut_off(page)

    assert {address: lines for address, lines in beyond.items() if lines} == {}


def test_an_administrator_gives_a_role_from_the_keyboard(opened: Open) -> None:
    page = opened("admin", CABINET)
    reviewer = person_for(CABINET, "reviewer", clock.today())
    page.goto(f"/people/{reviewer.pk}/")

    page.focus("#grant select")
    page.keyboard.press("Tab")
    page.keyboard.type("someday")
    page.keyboard.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").first.click()
    expect(page.locator("#id_role")).to_be_focused()
    page.select_option("#id_role", "clerk")
    page.fill("#id_from_on", "114/3/10")
    page.fill("#id_because", "職務代理")
    page.click("#grant button")

    expect(page.locator("#roles")).to_contain_text("114/03/10（一）")
    expect(page.locator(".timeline")).to_contain_text("職務代理")
