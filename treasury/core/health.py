"""What else `/health` tells besides the database: a word each app gives on what it answers for."""

from collections.abc import Callable
from typing import Final

# In order: nothing is to be done, something is due, something does not work.
WORDS: Final = ("ok", "due", "failing")
_checks: dict[str, Callable[[], str]] = {}


def register(name: str, check: Callable[[], str]) -> None:
    """Has `check()` asked for one of WORDS under a name; called by the `ready` of an app."""
    _checks[name] = check


def checks() -> dict[str, str]:
    """Every name with its word now."""
    return {name: check() for name, check in sorted(_checks.items())}
