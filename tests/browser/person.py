"""A person at a browser: logs in, opens pages, presses buttons, signs with a card."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import violations
from tests.browser.served import Served

WAIT_MS = 30_000
MUSEUM, FIRE, LIBRARY = "0003400000", "0008510000", "0021800000"


class Person:
    """Somebody with a user name and, where the role signs, a card."""

    def __init__(self, browser: Browser, served: Served, username: str, **context: object) -> None:
        self.served = served
        self.username = username
        self.context: BrowserContext = browser.new_context(base_url=served.url, locale="zh-TW", **context)  # type: ignore[arg-type]
        self.context.set_default_timeout(WAIT_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.log_in()

    def log_in(self) -> None:
        """Through the login page, as everybody."""
        self.page.goto("/login/")
        self.page.fill("input[name=username]", self.username)
        self.page.fill("input[name=password]", self.served.password)
        self.page.click("main button[type=submit], main form button")
        expect(self.page).not_to_have_url(re.compile("/login/"))

    def open(self, path: str, status: int = 200) -> Page:
        """Goes to an address, which answers with the status."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    def press(self, name: str) -> None:
        """Presses the button of that name in the main part of the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        """Waits until the main part of the page says something."""
        expect(self.page.get_by_role("main")).to_contain_text(text, timeout=WAIT_MS)

    def sees_soon(self, path: str, text: str, *, tries: int = 40, pause_ms: int = 500) -> None:
        """Loads a page again and again until it says something: what workers do takes a moment."""
        for _ in range(tries):
            if text in self.open(path).locator("main").inner_text():
                return
            self.page.wait_for_timeout(pause_ms)
        self.sees(text)

    def is_clean(self) -> None:
        """Holds the page that is shown to WCAG 2.1 AA and to no error of its scripts."""
        assert violations(self.page) == []
        assert self.complaints == []

    def signing_window(self) -> Page:
        """Agrees to what is shown, presses the signing button; returns the card agent's window, ready for a PIN."""
        agreed = self.page.locator("#agreed")
        if agreed.count():
            agreed.check()
        with self.context.expect_page() as opened:
            self.page.click("[data-card-submit]")
        window = opened.value
        try:
            expect(window.locator("#pin-form")).to_be_visible(timeout=WAIT_MS)
        except AssertionError as error:
            raise AssertionError(self.page.locator("[data-card-panel]").inner_text()) from error
        return window

    def sign(self) -> None:
        """Signs what the page lists, with the card registered for this person and its PIN, typed once."""
        window = self.signing_window()
        card = self.served.cards[self.username]
        window.select_option("#card", card["card_no"])
        window.fill("#pin", card["pin"])
        window.click("#sign")
        expect(self.page).to_have_url(re.compile("/sign/results/"), timeout=WAIT_MS)

    def close(self) -> None:
        """Leaves."""
        self.context.close()


Sits = Callable[[str], Person]
