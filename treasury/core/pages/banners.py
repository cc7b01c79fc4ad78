"""What a person is told above every page until they have read it, by the app that knows it (A-3.2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from treasury.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence with the address where more is said; `shape` is `wait` or `stop`."""

    text: str
    url: str
    link: str
    shape: str = "wait"


_makers: list[Callable[[Actor], Iterable[Banner]]] = []


def register(maker: Callable[[Actor], Iterable[Banner]]) -> None:
    """Has `maker(actor)` asked on every page; called by the `ready` of an app, once."""
    _makers.append(maker)


def banners_of(actor: Actor) -> list[Banner]:
    """Every banner there is for an actor."""
    return [banner for maker in _makers for banner in maker(actor)]
