"""A real Chromium, Debian's own, and what every page is held to in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# How pages are looked at: in Chinese and light, in English and dark, and at 200 %, which leaves half the CSS pixels.
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
LANGUAGES = {"light": "zh-hant", "dark": "en", "zoom": "zh-hant"}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """A browser for as long as the block lasts, with switches of its own if any. Playwright keeps an event loop
    running in this thread meanwhile, so Django is told that synchronous queries beside it are meant."""
    program = next((path for path in map(shutil.which, _NAMES) if path), None)
    assert program, "no Chromium: bin/bootstrap test installs it"
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *switches])
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 AA on a page, one line each; empty when it is clean."""
    found: dict[str, Any] = Axe().run(page, options=WCAG).response
    return [
        f"{one['id']} ({one['impact']}): {one['help']} at {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def cut_off(page: Page) -> list[str]:
    """How far a page hangs over the edge of the screen: only wide tables scroll, in a frame of their own."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wide} px too wide"] if wide > 0 else []
