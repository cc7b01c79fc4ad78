"""What the guides for users quote is what the pages say, word for word."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "users").glob("*.md"))
IDS = [guide.name for guide in GUIDES]
APPS = ("treasury", "agencies", "signing", "vouchers", "disbursement")
LINES_MAX = 80
# A quoted string, and text between the tags of a template.
LITERALS = re.compile(r'"((?:[^"\\\n]|\\.)+)"|\'([^\'\n]+)\'|(?:%}|>)([^<>{}\n]+)(?:<|{%)')


@cache
def said() -> frozenset[str]:
    """Every text of the pages, of the card agent's window, and of the English catalogues."""
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "signing" / "simulation" / "popup").iterdir(),
        *(path for app in APPS for kind in ("*.py", "*.po") for path in (ROOT / app).rglob(kind)),
    ]
    texts = (text for path in files for found in LITERALS.findall(path.read_text()) for text in found)
    return frozenset(text.replace("\\n", "").strip() for text in texts if text)


def quoted(guide: Path) -> set[str]:
    """What stands in 「」 or “”, over the ends of lines."""
    text = " ".join(guide.read_text().split())
    return {found.strip() for pattern in ("「([^」]+)」", "“([^”]+)”") for found in re.findall(pattern, text)} - {
        "",
        "」",
    }


@pytest.mark.parametrize("guide", GUIDES, ids=IDS)
def test_every_word_it_quotes_is_on_the_pages(guide: Path) -> None:
    assert sorted(quoted(guide) - said()) == []


@pytest.mark.parametrize("guide", GUIDES, ids=IDS)
def test_it_is_read_in_a_few_minutes(guide: Path) -> None:
    assert len(guide.read_text().splitlines()) <= LINES_MAX


def test_every_role_has_one() -> None:
    index = (ROOT / "docs" / "users" / "README.md").read_text()

    assert {guide.name for guide in GUIDES} - {"README.md"} == set(
        re.findall(r"\(([a-z-]+\.md)\)", index.split("##")[0])
    )
