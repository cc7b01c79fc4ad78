"""`.env.example` names every variable the product reads, and no other."""

import itertools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agencies", "disbursement", "signing", "treasury", "vouchers")
READS = re.compile(
    r"""(?:environ(?:\.get\(|\.setdefault\(|\.pop\(|\[)|getenv\(|flag\(|required_in_production\()\s*"([A-Z][A-Z_]+)\""""
)
# Set by the product for its own use, or belonging to others.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "XDG_CACHE_HOME"}
FOR_COMPOSE = {"POSTGRES_PASSWORD"}


def test_the_example_lists_exactly_what_is_read() -> None:
    sources = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]

    read = {name for path in sources for name in READS.findall(path.read_text())} - NOT_OURS
    listed = set(re.findall(r"^([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read == listed - FOR_COMPOSE


def test_every_variable_of_the_example_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    unexplained = [
        line for before, line in itertools.pairwise(lines) if "=" in line and not line.startswith("#") and not before
    ]

    assert unexplained == []


def test_the_locks_carry_hashes_and_name_no_host() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))

    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text()
        pinned = re.findall(r"^[a-zA-Z0-9_.-]+(?:\[.*\])?==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text
