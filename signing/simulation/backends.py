"""One interface to what keeps the keys of cards: encrypted files by default, or the tokens of a PKCS#11 module.

What both have in common is here, so that it cannot differ: the counter of tries is spent and flushed before a code is
compared, one comparison at a time for each card in all processes, and given back only after the code was right.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from signing.simulation.cards import Card, card_path, card_read, card_write, cards_read
from signing.simulation.tries import CardLocked, Tries, WrongPin, tries_write

# What an authority makes of a public key: the certificate (DER) for a part, `certificate` or `encipherment`.
Certify = Callable[[str, rsa.RSAPublicKey], bytes]


class CardFailed(Exception):
    """The reader or token did not do what was asked; nothing was signed, and the try is spent."""


class CardBackend(ABC):
    """The cards of one folder and their keys; safe to use from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def cards(self) -> list[Card]:
        """Every card whose key is here, by number."""
        return [card for card in cards_read(self.folder) if self.holds(card)]

    def card(self, card_no: str) -> Card | None:
        """A card by its number, None where there is none with its key."""
        card = card_read(self.folder, card_no)
        return card if card is not None and self.holds(card) else None

    def issue(
        self, *, facts: dict[str, Any], parts: tuple[str, ...], pin: str, user_code: str, certify: Certify
    ) -> dict[str, Any]:
        """Makes a card with a key and a certificate for each part, all tries left; returns what it says openly."""
        self.folder.mkdir(parents=True, exist_ok=True)
        open_facts, more = self._make(facts, parts, pin, user_code, certify)
        tries_write(card_path(self.folder, facts["card_no"]).with_suffix(".tries"))
        card_write(self.folder, open_facts | more)
        return open_facts

    def sign(self, card: Card, *, pin: str, data: bytes) -> bytes:
        """The signature (RSA PKCS#1 v1.5 with SHA-256) over data for a right PIN; WrongPin, CardLocked, CardFailed."""
        with self._held(card) as (card, tries):
            if self._is_open(card):
                tries.spend(durable=False)
                signature = self._sign_open(card, pin, data)
                if signature is not None:
                    tries.give_back(durable=False)
                    return signature
                tries.flush()
            else:
                tries.spend(durable=True)
            signature = self._sign(card, pin, data)
            if signature is None:
                raise WrongPin(tries.left)
            tries.give_back(durable=True)
            return signature

    def unlock(self, card: Card, *, user_code: str, new_pin: str) -> None:
        """Gives a card a new PIN for its user code; WrongPin, CardLocked, CardFailed."""
        with self._held(card) as (card, tries):
            tries.spend_user_code()
            if not self._replace_pin(card, user_code, new_pin):
                raise WrongPin(tries.user_code_left)
            tries.give_back_all()

    @abstractmethod
    def check(self) -> None:
        """Sees whether it works at all; CardFailed."""

    @abstractmethod
    def holds(self, card: Card) -> bool:
        """Whether the key of a card is here."""

    @abstractmethod
    def _make(
        self, facts: dict[str, Any], parts: tuple[str, ...], pin: str, user_code: str, certify: Certify
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Makes the keys: the facts with a certificate for each part, and what says where the keys are."""

    @abstractmethod
    def _sign(self, card: Card, pin: str, data: bytes) -> bytes | None:
        """Compares the PIN and signs; None for a wrong one."""

    @abstractmethod
    def _replace_pin(self, card: Card, user_code: str, new_pin: str) -> bool:
        """Compares the user code and sets a new PIN; False for a wrong one."""

    def _is_open(self, card: Card) -> bool:
        """Whether this process has the card open since an earlier right PIN."""
        return False

    def _sign_open(self, card: Card, pin: str, data: bytes) -> bytes | None:
        """Signs with a card that is open; None, and it is open no longer, for a PIN that is not the earlier one."""
        return None

    @contextmanager
    def _held(self, card: Card) -> Iterator[tuple[Card, Tries]]:
        """A card as it is now and its counter, for nobody else as long as it lasts."""
        with self._guard:
            lock = self._locks.setdefault(card.card_no, threading.Lock())
        with lock, Tries(card.tries_path) as tries:
            now = card_read(self.folder, card.card_no)
            if now is None:
                raise CardFailed("the card is gone")
            yield now, tries


def backend_of(folder: Path, module: str = "") -> CardBackend:
    """What keeps the keys of a folder's cards: files, or the tokens of a PKCS#11 module (the path of its library)."""
    if module:
        from signing.simulation.pkcs11_cards import Pkcs11Cards  # loads the library of nobody who does not use it

        return Pkcs11Cards(folder, module)
    from signing.simulation.file_cards import FileCards

    return FileCards(folder)


__all__ = ["CardBackend", "CardFailed", "CardLocked", "Certify", "WrongPin", "backend_of"]
