"""What the documents name is there, and what is there is named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]
NAMED = re.compile(r"`([a-z_.*/0-9-]+/[a-z_.*/0-9-]*)`", re.IGNORECASE)
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var"}


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text()
    commands = {path.stem for path in (ROOT / "treasury/management/commands").glob("[a-z]*.py")}

    assert {name for name in commands if f"`{name}" not in text} == set()


def test_the_readme_names_every_target_of_make() -> None:
    text = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)) - {"help"}

    assert {target for target in targets if f"make {target}" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_path_it_names_is_there(page: Path) -> None:
    paths = [path for path in NAMED.findall(page.read_text()) if path.partition("/")[0] in FOLDERS]

    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/")))] == []


def test_decisions_are_numbered_without_a_gap_and_say_what_was_rejected() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert all(f"**{part}.**" in text for part in ("Question", "Decision", "Rejected"))


def test_the_picture_is_readable_in_light_and_dark() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text()

    assert "prefers-color-scheme: dark" in picture
    assert "<title" in picture and "<desc" in picture
