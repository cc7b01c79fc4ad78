"""Signing in a real browser: card.js on a page of a known origin, the agent's window, PIN, and the result."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from signing.simulation.slots import card_insert
from tests.browser.chromium import violations
from tests.signing.agent.process import PIN, RunningAgent, fresh
from tests.signing.agent.window import cancel, enter, error_of, escape, opened
from tests.signing.signing_site import SigningSite, site_running


def test_two_contents_are_signed_with_one_pin(context: BrowserContext, site: SigningSite, either: RunningAgent) -> None:
    site.agent_url, site.card_no = either.url, either.card_of("卓首長")
    page = context.new_page()
    spoken: list[str] = []
    context.on("console", lambda message: spoken.append(message.text))

    window = opened(page, site)
    expect(window.locator("#sum")).to_have_text("共 2 件，總額新臺幣 1,300 元")
    expect(window.locator("#list > li")).to_have_count(2)
    expect(window.locator("#list")).to_contain_text("禾穹晟文具行")
    expect(window.locator("#card")).to_have_value(site.card_no)
    expect(window.locator("#pin")).to_be_focused()
    expect(window.locator("header")).to_contain_text(site.url)
    window.keyboard.type(PIN)
    window.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("done")
    assert window.is_closed()
    assert [(one["id"], one["ret_code"], one["cardSN"]) for one in site.results or []] == [
        ("1", 0, site.card_no),
        ("2", 0, site.card_no),
    ]
    assert spoken == []


def test_a_wrong_pin_says_how_many_tries_are_left_until_the_user_code(
    context: BrowserContext, site: SigningSite, either: RunningAgent
) -> None:
    site.agent_url, site.card_no = either.url, either.card_of("卓首長")
    window = opened(page := context.new_page(), site)
    error = window.locator("#error")

    for said in ("密碼錯誤，尚可再試 2 次。", "密碼錯誤，尚可再試 1 次。", "卡片已鎖。請以用戶代碼解鎖後再簽。"):
        enter(window, "000000")
        expect(error).to_have_text(said)
        expect(window.locator("#pin")).to_have_value("")
    expect(window.locator("#user-code")).to_be_focused()
    window.locator("#user-code").fill("87654321")
    window.locator("#new-pin").fill(PIN)
    window.locator("#unlock-form button").click()
    expect(window.locator("#status")).to_have_text("卡片已解鎖，請以新密碼簽章。")
    enter(window, PIN)

    expect(page.locator("h1")).to_have_text("done")


def test_closing_after_a_wrong_pin_tells_the_page(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    window = opened(page := context.new_page(), site)
    enter(window, "000000")
    expect(window.locator("#error")).to_be_visible()

    cancel(window)

    assert error_of(page) == "pin_wrong"
    expect(page.locator("[data-card-error]")).to_contain_text("密碼錯誤，尚可再試 2 次")
    assert site.results is None


@pytest.mark.parametrize("how", ["cancel", "escape", "close"])
def test_a_window_that_is_closed_is_cancelled(
    context: BrowserContext, site: SigningSite, agent: RunningAgent, how: str
) -> None:
    window = opened(page := context.new_page(), site)
    expect(window.locator("#pin")).to_be_focused()

    if how == "cancel":
        cancel(window)
    elif how == "escape":
        escape(window)
    else:
        window.close(run_before_unload=True)

    assert error_of(page) == "cancelled"
    expect(page.locator("[data-card-submit]")).to_be_enabled()


def test_a_card_of_another_role_is_named(context: BrowserContext, site: SigningSite, agent: RunningAgent) -> None:
    site.card_no = agent.card_of("卓首長")
    window = opened(page := context.new_page(), site)
    expect(window.locator("#pin")).to_be_focused()
    window.locator("#card").select_option(agent.card_of("余會計"))

    enter(window, PIN)

    assert error_of(page) == "wrong_card"
    expect(page.locator("[data-card-error]")).to_contain_text(site.card_no)
    assert site.results is None


def test_without_a_card_both_sides_say_so(context: BrowserContext, site: SigningSite, agent: RunningAgent) -> None:
    for card in agent.stand.cards.glob("*.card"):
        card.with_suffix(".out").touch()
    window = opened(page := context.new_page(), site)
    expect(window.locator("#error")).to_contain_text("讀卡機未連線或未插卡")
    expect(window.locator("#sign")).to_be_disabled()
    window.locator("#cancel").click()
    assert error_of(page) == "no_card"
    expect(page.locator("[data-card-status]")).to_contain_text("未插卡")

    site.contents = [fresh()]
    window = opened(page, site)
    expect(window.locator("#error")).to_be_visible()
    card_insert(agent.stand.cards, agent.stand.backend().cards()[0].card_no)
    window.locator("#reload").click()
    expect(window.locator("#sign")).to_be_enabled()
    window.locator("#cancel").click()


def test_what_the_site_refuses_is_said_in_its_own_words(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    site.problem = {
        "code": "wrong_state",
        "title": "這個步驟現在不能做",
        "remedy": "請開啟最新的頁面。",
        "detail": "已簽證",
    }

    window = opened(page := context.new_page(), site)

    assert error_of(page) == "refused"
    expect(page.locator("[data-card-error-title]")).to_have_text("這個步驟現在不能做")
    expect(page.locator("[data-card-error-remedy]")).to_have_text("請開啟最新的頁面。 已簽證")
    assert window.is_closed()


def test_somebody_without_a_card_in_force_is_told_before_any_pin(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    site.card_nos = []

    opened(page := context.new_page(), site)

    assert error_of(page) == "no_registered_card"


def test_any_card_in_force_will_do(context: BrowserContext, site: SigningSite, agent: RunningAgent) -> None:
    older = agent.card_of("卓首長")
    site.card_no, site.card_nos = "GC00000000000000", ["GC00000000000000", older]
    window = opened(page := context.new_page(), site)
    expect(window.locator("#pin")).to_be_focused()
    window.locator("#card").select_option(older)

    enter(window, PIN)

    expect(page.locator("h1")).to_have_text("done")


def test_an_agent_that_does_not_run_or_does_not_know_the_site_is_told_apart(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    page = context.new_page()
    known, site.agent_url = site.agent_url, "http://127.0.0.1:9"
    page.goto(site.url)
    expect(page.locator("[data-card-status]")).to_have_text("找不到憑證卡程式。")
    page.locator("[data-card-submit]").click()
    assert error_of(page) == "agent_down"
    site.agent_url = known

    with site_running(known) as stranger:
        page.goto(stranger.url)
        expect(page.locator("[data-card-status]")).to_have_text("憑證卡程式不接受本網站。")
        page.locator("[data-card-submit]").click()
        assert error_of(page) == "agent_forbidden"


def test_a_blocked_window_is_said(context: BrowserContext, site: SigningSite, agent: RunningAgent) -> None:
    page = context.new_page()
    page.add_init_script("window.open = () => null")
    page.goto(site.url)

    page.locator("[data-card-submit]").click()

    assert error_of(page) == "popup_blocked"


def test_the_window_speaks_english_and_needs_no_mouse(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    window = opened(page := context.new_page(), site, lang="en")
    expect(window.locator("#sum")).to_have_text("2 in all, NT$1,300 together")
    window.locator("#language").focus()
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("憑證卡簽章")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("Card signature")
    enter(window, "000000")
    expect(window.locator("#error")).to_have_text("The PIN is wrong; 2 left to try.")
    expect(window.locator("#pin")).to_be_focused()
    escape(window)
    assert error_of(page) == "pin_wrong"


@pytest.mark.parametrize(("lang", "scheme"), [("zh-hant", "light"), ("en", "dark")])
def test_the_window_and_the_panel_are_clean_for_axe(
    browser: Browser, site: SigningSite, agent: RunningAgent, lang: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": 760, "height": 860}, color_scheme=scheme)
    window = opened(page := context.new_page(), site, lang)
    expect(window.locator("#pin")).to_be_focused()
    found = violations(window)
    for _ in range(3):
        enter(window, "000000")
        expect(window.locator("#sign")).to_be_enabled()
    expect(window.locator("#user-code")).to_be_visible()
    found += violations(window)
    window.locator("#cancel").click()
    assert error_of(page) == "locked"
    found += violations(page)
    for path in ("/selfTest.htm", "/popupForm?origin=null"):
        page.goto(agent.url + path)
        found += violations(page)
    context.close()

    assert found == []


@pytest.mark.parametrize("width", [1200, 380])
def test_nothing_is_lost_at_twice_the_size(
    browser: Browser, site: SigningSite, agent: RunningAgent, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 430})
    window = opened(page := context.new_page(), site)
    expect(window.locator("#pin")).to_be_focused()

    for shown in (window, page):
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".needs-reader")).to_be_visible(visible=width < 600)
    window.locator("#cancel").scroll_into_view_if_needed()
    window.locator("#cancel").click()
    context.close()


def test_payees_that_do_not_add_up_catch_the_eye(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    site.contents = [site.contents[1].replace(b'"total_twd":100', b'"total_twd":999')]

    window = opened(context.new_page(), site)

    expect(window.locator("#list .stop")).to_have_text("受款人合計 100 元，與憑單金額不符")
    window.locator("#cancel").click()
