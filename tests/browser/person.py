"""A person at a browser: logs in, opens pages, fills in forms, signs with a card."""

import re
from collections.abc import Sequence

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import violations
from tests.browser.served import Served

WAIT_MS = 20_000


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
        self.page.click("main button[type=submit]")
        expect(self.page).not_to_have_url(re.compile("/login/"))

    def open(self, path: str, status: int = 200) -> Page:
        """Goes to an address, which answers with the status; a page that opens is clean for axe."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page

    def is_clean(self) -> None:
        """Holds the page that is shown to WCAG 2.1 AA and to no error of its scripts."""
        assert violations(self.page) == []
        assert self.complaints == []

    def sign(self, submit: str, *, pins: Sequence[str] = ()) -> None:
        """Presses the signing button of the page and types the PIN in the card agent's window (or each of `pins`)."""
        card = self.served.cards[self.username]
        with self.context.expect_page() as opened:
            self.page.click(submit)
        popup = opened.value
        for pin in pins or (card["pin"],):
            popup.fill("input[type=password]", pin)
            popup.click("button[type=submit]")

    def close(self) -> None:
        """Leaves."""
        self.context.close()
