"""`python -m tests.browser.screenshots`: every page, and every role's home, in four looks, into var/screenshots."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "treasury.settings")

import django

django.setup()

from playwright.sync_api import Browser  # noqa: E402

from tests.browser.chromium import chromium  # noqa: E402
from tests.browser.crawl import crawl  # noqa: E402
from tests.browser.person import Person  # noqa: E402
from tests.browser.served import Served, serving  # noqa: E402
from tests.journeys.books import CHECKOUT  # noqa: E402

OUT = CHECKOUT / "var" / "screenshots"
# A desk's screen; 200 % zoom leaves half as many CSS pixels, each drawn with two.
LOOKS: Final = {
    "zh": {"viewport": {"width": 1280, "height": 900}},
    "en": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}


def main() -> None:
    """Starts the product, takes every picture, says how many and where."""
    shutil.rmtree(OUT, ignore_errors=True)
    count = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        serving("screenshots", Path(folder)) as served,
        chromium() as browser,
    ):
        pictured: set[str] = set()
        for username in people_of_each_role(served):
            count += _of(browser, served, username, pictured)
    print(f"{count} pictures in {OUT}")


def people_of_each_role(served: Served) -> list[str]:
    """One person of each role."""
    rows = served.books.fetch(
        "SELECT min(u.username) FROM agencies_roleassignment r JOIN agencies_user u ON u.id = r.user_id GROUP BY r.role"
    )
    return sorted(row[0] for row in rows)


def _of(browser: Browser, served: Served, username: str, pictured: set[str]) -> int:
    """Pictures of a person's home and of the pages that nobody before could reach, which are then `pictured`."""
    found: dict[str, str] = {}
    for look, context in LOOKS.items():
        person = Person(browser, served, username, **context)
        if look == "en":
            person.context.add_cookies([{"name": "django_language", "value": "en", "url": served.url}])
        if not found:
            reached = {one.view: one.path for one in crawl(person)}
            found = {view: path for view, path in reached.items() if path == "/" or view not in pictured}
        for view, path in found.items():
            person.page.goto(path)
            folder = OUT / username
            folder.mkdir(parents=True, exist_ok=True)
            person.page.screenshot(path=folder / f"{view.replace(':', '-')}-{look}.png", full_page=True)
        person.close()
    pictured.update(found)
    return len(found) * len(LOOKS)


if __name__ == "__main__":
    main()
