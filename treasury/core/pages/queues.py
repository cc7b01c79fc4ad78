"""The work queues of each role, told to the home page and the rail by the app that owns them."""

from collections.abc import Callable
from dataclasses import dataclass

from treasury.core.actors import Actor

# Counting stops here: a queue of 200,000 is as quickly counted as one of 1,000, and is shown as "999+".
COUNT_MAX = 1000
_queues: list["Queue"] = []


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: `roles` see it, `url` is where it stands (a path), `count` how many wait for an actor (capped at
    COUNT_MAX), `is_work` whether it waits for them to act (else it is only to be looked at)."""

    name: str
    title_zh: str
    title_en: str
    roles: frozenset[str]
    url: Callable[[Actor], str]
    count: Callable[[Actor], int] | None = None
    is_work: bool = True
    group_zh: str = "工作"
    group_en: str = "Work"
    # What is not daily work stands below it, whichever app tells of it first.
    place: int = 0


def register(*queues: Queue) -> None:
    """Adds queues in the order in which they are to stand; called by the `ready` of an app, once."""
    known = {queue.name for queue in _queues}
    _queues.extend(queue for queue in queues if queue.name not in known)


def queues_of(actor: Actor) -> list[Queue]:
    """The queues of the role an actor acts in, by place, then in the order in which they were told."""
    return sorted((queue for queue in _queues if actor.role in queue.roles), key=lambda queue: queue.place)
