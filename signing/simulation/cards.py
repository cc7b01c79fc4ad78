"""Card files: one JSON file a card, its key sealed by PIN and by user code, and a counter of tries beside it.

The counter is spent before a PIN is compared and given back after it was right. What the counter file says survives
`kill -9` at any point; it is flushed to the disk as well, except where the card was unlocked in this process before
and the PIN is right (a power failure forgets the unlocked card, too).
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.simulation.authorities import write_atomic

TRIES: Final = 3
USER_CODE_TRIES: Final = 10
_SCRYPT_N: Final = 2**12
_DER: Final = serialization.Encoding.DER


class WrongPin(Exception):
    """The PIN was wrong; `left` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} tries left")
        self.left = left


class CardLocked(Exception):
    """No tries remain: the user code is needed."""


@dataclass(frozen=True)
class CardFile:
    """A card as it lies in the folder."""

    path: Path
    facts: dict[str, Any]

    @property
    def card_no(self) -> str:
        """The number printed on the card."""
        return str(self.facts["card_no"])

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


def card_write(
    folder: Path,
    *,
    facts: dict[str, Any],
    keys: dict[str, rsa.RSAPrivateKey],
    pin: str,
    user_code: str,
) -> None:
    """Writes a new card with its keys sealed and all tries left; the signing key is that of `certificate`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = card_path(folder, facts["card_no"])
    inner = secrets.token_bytes(32)
    sealed = {
        "keys": {part: _seal(inner, _plain(key)) for part, key in keys.items()},
        "pin": _wrap(pin, inner),
        "user_code": _wrap(user_code, inner),
    }
    write_atomic(path.with_suffix(".tries"), _tries(TRIES, USER_CODE_TRIES), mode=0o600)
    _write(path, facts | {"sealed": sealed})


def _write(path: Path, facts: dict[str, Any]) -> None:
    write_atomic(path, json.dumps(facts, ensure_ascii=False).encode(), mode=0o600)


def card_read(folder: Path, card_no: str) -> CardFile | None:
    """A card by its number, None when there is none."""
    try:
        path = card_path(folder, card_no)
        return CardFile(path, json.loads(path.read_bytes()))
    except (ValueError, FileNotFoundError):
        return None


def cards_read(folder: Path) -> list[CardFile]:
    """Every card of a folder, by number."""
    return [CardFile(path, json.loads(path.read_bytes())) for path in sorted(folder.glob("*.card"))]


class Reader:
    """Cards put in, by number: unlocks them and keeps what is unlocked for this process's life."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._secret = secrets.token_bytes(32)
        self._unlocked: dict[str, tuple[bytes, rsa.RSAPrivateKey]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def key(self, card: CardFile, pin: str) -> rsa.RSAPrivateKey:
        """The signing key for a right PIN; WrongPin, CardLocked."""
        mark = hmac.digest(self._secret, pin.encode(), "sha256")
        with self._one_at_a_time(card), _Tries(card) as tries:
            known = self._unlocked.get(card.card_no)
            tries.spend(durable=known is None)
            if known is not None and hmac.compare_digest(known[0], mark):
                tries.give_back(durable=False)
                return known[1]
            self._unlocked.pop(card.card_no, None)
            tries.flush()
            key = _open(card, "pin", pin)
            if key is None:
                raise WrongPin(tries.left)
            tries.give_back(durable=True)
            self._unlocked[card.card_no] = (mark, key)
            return key

    def unlock(self, card: CardFile, user_code: str, new_pin: str) -> None:
        """Gives a locked card a new PIN for its user code; WrongPin, CardLocked."""
        with self._one_at_a_time(card), _Tries(card) as tries:
            tries.spend_user_code()
            inner = _unwrap(card.facts["sealed"]["user_code"], user_code)
            if inner is None:
                raise WrongPin(tries.user_code_left)
            sealed = card.facts["sealed"] | {"pin": _wrap(new_pin, inner)}
            self._unlocked.pop(card.card_no, None)
            _write(card.path, card.facts | {"sealed": sealed})
            tries.give_back_all()

    @contextmanager
    def _one_at_a_time(self, card: CardFile) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(card.card_no, threading.Lock())
        with lock:
            yield


class _Tries:
    """The counter file of one card, held against other processes while in use."""

    def __init__(self, card: CardFile) -> None:
        self._path = card.path.with_suffix(".tries")

    def __enter__(self) -> "_Tries":
        self._handle = os.open(self._path, os.O_RDWR)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        left, user_code_left = os.pread(self._handle, 16, 0).split()
        self.left, self.user_code_left = int(left), int(user_code_left)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def spend(self, *, durable: bool) -> None:
        """Takes one try before the PIN is looked at; CardLocked when there is none."""
        if self.left <= 0:
            raise CardLocked
        self.left -= 1
        self._write(durable=durable)

    def spend_user_code(self) -> None:
        """Takes one try of the user code; CardLocked when there is none."""
        if self.user_code_left <= 0:
            raise CardLocked
        self.user_code_left -= 1
        self._write(durable=True)

    def give_back(self, *, durable: bool) -> None:
        """All tries again after a right PIN."""
        self.left = TRIES
        self._write(durable=durable)

    def give_back_all(self) -> None:
        """All tries of both again after a right user code."""
        self.left, self.user_code_left = TRIES, USER_CODE_TRIES
        self._write(durable=True)

    def flush(self) -> None:
        """Brings what was written to the disk."""
        os.fdatasync(self._handle)

    def _write(self, *, durable: bool) -> None:
        os.pwrite(self._handle, _tries(self.left, self.user_code_left), 0)
        if durable:
            self.flush()


def _tries(left: int, user_code_left: int) -> bytes:
    return f"{left:2} {user_code_left:2}\n".encode()


def _open(card: CardFile, by: str, code: str) -> rsa.RSAPrivateKey | None:
    inner = _unwrap(card.facts["sealed"][by], code)
    if inner is None:
        return None
    plain = _unseal(inner, card.facts["sealed"]["keys"]["certificate"])
    key = serialization.load_der_private_key(plain, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _plain(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _derive(code: str, salt: bytes, n: int) -> bytes:
    return hashlib.scrypt(code.encode(), salt=salt, n=n, r=8, p=1, dklen=32)


def _wrap(code: str, inner: bytes) -> dict[str, Any]:
    salt = secrets.token_bytes(16)
    return {"salt": salt.hex(), "n": _SCRYPT_N, "sealed": _seal(_derive(code, salt, _SCRYPT_N), inner)}


def _unwrap(wrapped: dict[str, Any], code: str) -> bytes | None:
    try:
        return _unseal(_derive(code, bytes.fromhex(wrapped["salt"]), wrapped["n"]), wrapped["sealed"])
    except InvalidTag:
        return None


def _seal(key: bytes, plain: bytes) -> str:
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode()


def _unseal(key: bytes, sealed: str) -> bytes:
    data = base64.b64decode(sealed)
    return AESGCM(key).decrypt(data[:12], data[12:], None)
