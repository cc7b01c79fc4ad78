"""The frame in a real browser: axe, keyboard, narrow screens, no scripts, paper, the idle warning."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from tests.agencies.conftest import CABINET
from tests.browser.chromium import cut_off, violations

CLERK, PASSWORD = f"{CABINET}-clerk", "東風夜放花千樹-1191"
Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, agencies: tuple[Agency, Agency], settings: Settings) -> Open:
    """A browser in which the clerk of 行政院 has logged in; `options` are those of a Playwright context."""
    settings.ALLOWED_HOSTS = ["*"]
    user = User.objects.get(username=CLERK)
    user.set_password(PASSWORD)
    user.save()

    def open_page(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="zh-TW", **options)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/login/")
        page.fill("input[name=username]", CLERK)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        expect(page).not_to_have_url(re.compile("/login/"))
        return page

    return open_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_axe_has_nothing_to_complain_of(scheme: str, language: str, opened: Open) -> None:
    page = opened(color_scheme=scheme)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)

    for path in ("/", "/search/?q=zzz", "/no-such-page/", "/role/"):
        page.goto(path)
        page.click(".menu > summary")
        assert violations(page) == [], path

    assert complaints == []


def test_the_login_with_its_errors_is_clean_as_well(browser: Browser, live_server: LiveServer) -> None:
    page = browser.new_context(base_url=live_server.url).new_page()
    page.goto("/login/")
    assert violations(page) == []

    page.click("main button[type=submit]")

    expect(page.locator("#errors")).to_be_focused()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 640, 900, 1280])
def test_nothing_hangs_over_the_edge_of_the_screen(width: int, opened: Open) -> None:
    page = opened(viewport={"width": width, "height": 600})

    for path in ("/", "/search/?q=zzz", "/no-such-page/"):
        page.goto(path)
        assert cut_off(page) == [], path


def test_the_first_key_leads_past_the_frame(opened: Open) -> None:
    page = opened()

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_escape_closes_the_menu_and_gives_the_focus_back(opened: Open) -> None:
    page = opened()
    summary = page.locator(".menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="登出")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="登出")).to_be_hidden()
    expect(summary).to_be_focused()


def test_without_scripts_the_rail_folds_and_opens_on_a_narrow_screen(opened: Open) -> None:
    page = opened(java_script_enabled=False, viewport={"width": 800, "height": 600})
    rail = page.locator("nav.rail")

    expect(rail).to_be_hidden()
    page.click(".fold > summary")
    expect(rail).to_be_visible()
    page.set_viewport_size({"width": 1200, "height": 600})
    page.click(".menu > summary")
    page.get_by_role("button", name="深色").click()

    expect(page.locator("html[data-theme=dark]")).to_have_count(1)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 31)"


def test_on_paper_there_is_only_the_document(opened: Open) -> None:
    page = opened()
    page.emulate_media(media="print")

    for hidden in (".top", ".rail", ".skip"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_whoever_is_idle_is_warned_and_may_go_on(opened: Open, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 14
    page = opened()
    warning = page.locator("[data-idle]")
    expect(warning).to_be_hidden()

    expect(warning).to_be_visible(timeout=15_000)
    assert "已自動儲存的草稿會保留" in warning.inner_text()
    expect(page.locator("[data-idle-stay]")).to_be_focused()
    page.keyboard.press("Enter")

    expect(warning).to_be_hidden()


def test_when_the_time_is_over_the_way_back_is_offered(opened: Open, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 3
    page = opened()

    again = page.get_by_role("link", name="重新登入")

    expect(again).to_be_visible(timeout=15_000)
    assert again.get_attribute("href") == "/login/?next=/"
