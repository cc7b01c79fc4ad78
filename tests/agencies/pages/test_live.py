"""Pages that refresh themselves and lists that filter in place: no sign of life, nothing taken from under the hands."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from tests.agencies.conftest import CABINET
from tests.browser.chromium import violations
from tests.pages import client_of

CLERK = f"{CABINET}-clerk"
POLL = {"HX-Request": "true", "X-Poll": "1"}


def _ends_at(client: Client) -> object:
    return Session.objects.get(pk=client.session.session_key).expire_date


@pytest.fixture
def aged(agencies: tuple[Agency, Agency]) -> Client:
    """The clerk's browser; its session has ten minutes left."""
    client = client_of(CLERK)
    for row in Session.objects.filter(pk=client.session.session_key):
        row.expire_date -= timedelta(minutes=20)
        row.save()
    return client


def test_a_page_that_refreshes_itself_does_not_prolong_the_session(aged: Client) -> None:
    before = _ends_at(aged)

    answer = aged.get("/", headers=POLL)

    assert (answer.status_code, _ends_at(aged)) == (200, before)
    assert "sessionid" not in answer.cookies and "Cookie" in answer["Vary"]


def test_a_page_that_a_person_opens_does_also_where_htmx_brings_it(aged: Client) -> None:
    before = _ends_at(aged)

    answer = aged.get("/", headers={"HX-Request": "true"})

    assert "sessionid" in answer.cookies
    assert _ends_at(aged) > before  # type: ignore[operator]


def test_what_a_person_sends_is_no_poll_whatever_it_says(aged: Client) -> None:
    before = _ends_at(aged)

    aged.post("/appearance/", {"theme": "dark"}, headers=POLL)

    assert _ends_at(aged) > before  # type: ignore[operator]


def test_when_the_session_is_over_a_poll_is_told_so_and_a_list_leads_to_the_login(db: None) -> None:
    poll = Client().get("/", headers=POLL)
    by_hand = Client().get("/vouchers/?state=draft", headers={"HX-Request": "true"})

    assert (poll.status_code, poll.content) == (401, b"")
    assert "HX-Redirect" not in poll
    assert (by_hand.status_code, by_hand["HX-Redirect"]) == (401, "/login/?next=%2Fvouchers%2F%3Fstate%3Ddraft")


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, agencies: tuple[Agency, Agency]) -> Page:
    """A real browser in which the clerk of 行政院 is logged in."""
    context = browser.new_context(base_url=live_server.url, locale="zh-TW")
    key = client_of(CLERK).session.session_key
    context.add_cookies([{"name": "sessionid", "value": str(key), "url": live_server.url}])
    return context.new_page()


def test_the_queue_refreshes_itself_until_it_is_stopped(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    switch, at, said = page.locator("[data-live-switch]"), page.locator("[data-live-at]"), page.locator("#said")
    expect(switch).to_be_visible()
    assert violations(page) == []

    page.evaluate("document.querySelector('.queues li').remove()")
    page.focus("#rail a[href='/vouchers/drafts/']")
    with page.expect_response("/") as polled:
        page.evaluate("document.querySelector('[data-live]').dataset.everySeconds = '0'")
    expect(at).to_have_text(re.compile(r"\d\d:\d\d:\d\d 更新"))
    expect(said).to_have_text("清單已更新：新增 1 筆")
    expect(page.locator("#rail a[href='/vouchers/drafts/']")).to_be_focused()
    switch.click()

    assert polled.value.request.headers["x-poll"] == "1"
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(at).to_have_text("已暫停自動更新")
    page.reload()
    expect(at).to_have_text("已暫停自動更新")
    assert complaints == []


def test_whoever_is_logged_out_meanwhile_keeps_what_stood_there(page: Page) -> None:
    page.goto("/")
    Session.objects.all().delete()

    page.evaluate("document.querySelector('[data-live]').dataset.everySeconds = '0'")

    expect(page.locator("[data-live-at]")).to_have_text("已登出，不再更新")
    expect(page.locator("h1")).to_contain_text(User.objects.get(username=CLERK).display_name)


def test_lists_filter_in_place_and_keep_the_address(page: Page) -> None:
    page.goto("/vouchers/")
    page.evaluate("window.stays = true")

    page.fill("#filter-number", "ZZ9")
    page.keyboard.press("Enter")

    expect(page.locator(".chips .removes")).to_contain_text("ZZ9")
    expect(page.locator("#said")).to_contain_text("共 0 筆")
    assert "number=ZZ9" in page.url
    page.click(".chips .removes")
    expect(page.locator(".chips .removes")).to_have_count(0)
    assert page.evaluate("window.stays") is True
    page.go_back()
    expect(page.locator(".chips .removes")).to_contain_text("ZZ9")
    page.fill("#filter-amount_from", "不是數字")
    page.keyboard.press("Enter")
    expect(page.locator("#filter-amount_from")).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
