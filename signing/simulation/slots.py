"""`python -m signing.simulation.slots --cards DIR COMMAND [CARD ...]`: puts cards into the reader and takes them out.

Commands: `list`, `insert`, `remove` (without a card number: all of them). A card taken out lies beside the reader: the
agent does not see it, and a mark in the folder says so, for as long as it is there.
"""

import argparse
from pathlib import Path
from typing import Final

from signing.simulation.backends import CardBackend
from signing.simulation.cards import Card, card_path, cards_read

_OUT: Final = ".out"


def cards_in_reader(backend: CardBackend) -> list[Card]:
    """The cards that are in, by number."""
    return [card for card in backend.cards() if not _is_out(card)]


def card_in_reader(backend: CardBackend, card_no: str) -> Card | None:
    """A card by its number, None when it is not in."""
    card = backend.card(card_no)
    return None if card is None or _is_out(card) else card


def card_remove(folder: Path, card_no: str) -> None:
    """Takes a card out; one that is out already stays out."""
    card_path(folder, card_no).with_suffix(_OUT).touch()


def card_insert(folder: Path, card_no: str) -> None:
    """Puts a card in; one that is in already stays in."""
    card_path(folder, card_no).with_suffix(_OUT).unlink(missing_ok=True)


def _is_out(card: Card) -> bool:
    return card.path.with_suffix(_OUT).exists()


def main(arguments: list[str] | None = None) -> None:
    """Runs one command; `list` prints a line a card."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.slots", description=__doc__)
    parser.add_argument("--cards", type=Path, required=True, help="folder of the cards")
    parser.add_argument("command", choices=["list", "insert", "remove"])
    parser.add_argument("numbers", nargs="*", metavar="CARD")
    given = parser.parse_args(arguments)
    known = cards_read(given.cards)
    if unknown := set(given.numbers) - {card.card_no for card in known}:
        parser.error(f"no such card: {', '.join(sorted(unknown))}")
    if given.command == "list":
        for card in known:
            place = "out" if _is_out(card) else "in "
            print(place, card.card_no, card.facts["agency_code"], card.facts["capacity"], card.facts["holder"])
        return
    move = card_insert if given.command == "insert" else card_remove
    for card_no in given.numbers or [card.card_no for card in known]:
        move(given.cards, card_no)


if __name__ == "__main__":
    main()
