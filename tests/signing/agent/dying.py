"""A process that asks a card for something and is killed (SIGKILL) at a named point inside.

`python -m tests.signing.agent.dying CARDS MODULE CARD POINT PIN`: the points are `before` a PIN is compared, `after` it
was right and before its tries are given back, and `unlock`, before a user code is compared.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from signing.simulation.backends import backend_of
from signing.simulation.tries import Tries


def _die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Never comes to its end."""
    cards, module, number, point, pin = sys.argv[1:]
    backend = backend_of(Path(cards), module)
    card = backend.card(number)
    assert card is not None
    if point == "after":
        Tries.give_back = _die  # type: ignore[method-assign]
    elif point == "before":
        backend._sign = _die  # type: ignore[method-assign]
    else:
        backend._replace_pin = _die  # type: ignore[method-assign]
        backend.unlock(card, user_code="87654321", new_pin=pin)
    backend.sign(card, pin=pin, data=b"killed midway")


if __name__ == "__main__":
    main()
