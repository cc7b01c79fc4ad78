"""What a card says openly: one JSON file a card in a folder, with the number of its tries beside it (`tries`).

The key is elsewhere: sealed in the same file (`file_cards`), or on a PKCS#11 token (`pkcs11_cards`).
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from signing.simulation.authorities import write_atomic


@dataclass(frozen=True)
class Card:
    """A card as it lies in the folder."""

    path: Path
    facts: dict[str, Any]

    @property
    def card_no(self) -> str:
        """The number printed on the card."""
        return str(self.facts["card_no"])

    @property
    def tries_path(self) -> Path:
        """Where its counter is."""
        return self.path.with_suffix(".tries")

    @property
    def certificate(self) -> x509.Certificate:
        """The signing certificate."""
        return x509.load_der_x509_certificate(base64.b64decode(self.facts["certificate"]))

    def is_valid(self, at: datetime) -> bool:
        """Whether the signing certificate is valid at a moment."""
        certificate = self.certificate
        return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def card_path(folder: Path, card_no: str) -> Path:
    """Where a card lies; ValueError for a number that is no name of a card."""
    if not card_no.isalnum() or not card_no.isascii():
        raise ValueError("not a card number")
    return folder / f"{card_no}.card"


def card_write(folder: Path, facts: dict[str, Any]) -> Card:
    """Writes what a card says, in place of what it said before."""
    card = Card(card_path(folder, facts["card_no"]), facts)
    write_atomic(card.path, json.dumps(facts, ensure_ascii=False).encode(), mode=0o600)
    return card


def card_read(folder: Path, card_no: str) -> Card | None:
    """A card by its number, None when there is none."""
    try:
        path = card_path(folder, card_no)
        return Card(path, json.loads(path.read_bytes()))
    except (ValueError, FileNotFoundError):
        return None


def cards_read(folder: Path) -> list[Card]:
    """Every card of a folder, by number."""
    return [Card(path, json.loads(path.read_bytes())) for path in sorted(folder.glob("*.card"))]
