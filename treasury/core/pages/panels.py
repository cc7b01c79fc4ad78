"""Parts of a page that apps higher up add to a page below them (the desk's marks on a voucher's page)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from treasury.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A template with its context, shown in order of registration; `anchor` names its place in the address."""

    anchor: str
    title: str
    template: str
    context: dict[str, Any]


_makers: dict[str, list[Callable[[Any, Actor], Panel | None]]] = defaultdict(list)


def register(page: str, maker: Callable[[Any, Actor], Panel | None]) -> None:
    """Has `maker(subject, actor)` asked for a panel of a page (`voucher`); called by the `ready` of an app."""
    if maker not in _makers[page]:
        _makers[page].append(maker)


def panels_of(page: str, subject: Any, actor: Actor) -> list[Panel]:
    """Every panel there is for a subject."""
    made = (maker(subject, actor) for maker in _makers[page])
    return [panel for panel in made if panel is not None]
