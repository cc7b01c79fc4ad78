"""What the search box looks through: each app tells how it finds what it owns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from treasury.core.actors import Actor

HITS_MAX = 20
TEXT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, a line about it, where it is; amount, day and state where it has them."""

    title: str
    about: str
    url: str
    amount_twd: int | None = None
    on: date | None = None
    state: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """A kind of thing that can be found: `find(actor, text)` returns at most HITS_MAX hits an actor may see, the best
    first; `more(actor, text)` is the address of the list with all of them."""

    name: str
    title_zh: str
    title_en: str
    find: Callable[[Actor, str], Sequence[Hit]]
    more: Callable[[Actor, str], str] | None = None


_finders: list[Finder] = []


def register(*finders: Finder) -> None:
    """Adds finders in the order in which their results are to stand; called by the `ready` of an app."""
    known = {finder.name for finder in _finders}
    _finders.extend(finder for finder in finders if finder.name not in known)


def finders() -> list[Finder]:
    """Every finder."""
    return list(_finders)
