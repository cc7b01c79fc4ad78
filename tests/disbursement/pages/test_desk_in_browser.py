"""The examination desk by keyboard alone, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import User
from tests.browser.chromium import violations
from tests.factories import Desk, fresh

PASSWORD = "東風夜放花千樹-1191"


@pytest.fixture
def page(browser: Browser, shared_desk: Desk, live_server: LiveServer) -> Iterator[Page]:
    """The examiner's first page after the login."""
    user = User.objects.get(pk=shared_desk.treasurer("examiner").user_id)
    user.set_password(PASSWORD)
    user.save()
    context = browser.new_context(base_url=live_server.url, locale="zh-TW")
    opened = context.new_page()
    opened.goto("/login/")
    opened.fill("input[name=username]", user.username)
    opened.fill("input[name=password]", PASSWORD)
    opened.click("main button[type=submit]")
    yield opened
    context.close()


def test_an_examiner_needs_no_mouse(page: Page, shared_desk: Desk, live_server: LiveServer) -> None:
    accepted, returned, left = (shared_desk.brought("received") for _ in range(3))
    page.goto("/desk/examination/")
    for key in ("j", "j", "k", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(f"{live_server.url}/desk/examination/{accepted.pk}/")
    assert violations(page) == []

    page.keyboard.press("j")
    expect(page).to_have_url(f"{live_server.url}/desk/examination/{returned.pk}/")
    page.keyboard.press("k")
    expect(page).to_have_url(f"{live_server.url}/desk/examination/{accepted.pk}/")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("a")
    expect(page.locator("#check-1")).to_be_focused()
    for key in ("1", "2", "a"):
        page.keyboard.press(key)
    expect(page).to_have_url(f"{live_server.url}/desk/examination/{returned.pk}/?decided={accepted.pk}")
    expect(page.locator(".notice.good")).to_contain_text("登記編號 114-0000001")

    page.keyboard.press("r")
    expect(page.locator("#reason-R01")).to_be_focused()
    for key in ("Tab", "Tab", "Tab", "Space"):
        page.keyboard.press(key)
    page.locator("#return-because").focus()
    page.keyboard.type("a r j")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/desk/examination/{left.pk}/?decided={returned.pk}")

    assert (fresh(accepted).state, fresh(returned).state, fresh(left).state) == ("accepted", "returned", "received")
    assert returned.return_notices.get().reasons == ["R04"]


def test_the_keys_can_be_switched_off_for_good(page: Page, shared_desk: Desk) -> None:
    first, second = (shared_desk.brought("received") for _ in range(2))
    page.goto(f"/desk/examination/{first.pk}/")
    page.locator("[data-key-switch]").click()

    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("j")

    expect(page.locator("h1")).to_contain_text(first.number)
    expect(page.locator("[data-key-switch]")).to_have_attribute("aria-pressed", "false")
    page.locator("[data-key-switch]").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator("h1")).to_contain_text(second.number)
