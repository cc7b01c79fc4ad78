"""What a person does in the card agent's window, in a real browser."""

from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.signing.signing_site import SigningSite

# A name of an attacker's that leads to this machine, for the browser of these tests.
REBOUND = "rebound.example"


def opened(page: Page, site: SigningSite, lang: str = "zh-hant") -> Page:
    """Goes to the form and presses its button; returns the agent's window."""
    page.goto(f"{site.url}/?lang={lang}")
    with page.expect_popup() as popup:
        page.locator("[data-card-submit]").click()
    return popup.value


def enter(window: Page, pin: str) -> None:
    window.locator("#pin").fill(pin)
    window.locator("#sign").click()


def cancel(window: Page) -> None:
    """Presses the window's own button a moment later: the window is gone before the press has been answered."""
    window.evaluate("() => { setTimeout(() => document.querySelector('#cancel').click(), 0); }")


def escape(window: Page) -> None:
    """Presses Escape, upon which the window may close before the key is up again."""
    with suppress(PlaywrightError):
        window.keyboard.press("Escape")


def error_of(page: Page) -> str:
    """The code of the error that the page shows; it has the focus."""
    error = page.locator("[data-card-error]")
    expect(error).to_be_visible()
    expect(error).to_be_focused()
    return str(error.get_attribute("data-code"))
