"""A tree head as auditors keep it: a checkpoint, which is a signed note (C2SP tlog-checkpoint, signed-note), Ed25519.

    treasury.example/log
    1234
    <root, base64>

    — treasury.example/log <base64 of the key's number and the signature>

A key is written as one line: for signing `PRIVATE+KEY+<name>+<number>+<base64 of 1 and the seed>`, for checking
`<name>+<number>+<base64 of 1 and the public key>`. The name of the key is the origin of the log.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from treasury.core.errors import Problem

NOTE_MAX: Final = 16 * 1024
_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+]{1,200}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_PRIVATE: Final = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a head says: the log it is of, how many entries, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class CheckKey:
    """A public key of the log with its name."""

    name: str
    public: bytes

    @cached_property
    def number(self) -> bytes:
        """Four bytes by which a signature line names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @cached_property
    def line(self) -> str:
        """The key as auditors keep it."""
        return f"{self.name}+{self.number.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


@dataclass(frozen=True)
class SignKey:
    """A key that signs heads: a name and 32 secret bytes."""

    name: str
    seed: bytes

    @cached_property
    def check(self) -> CheckKey:
        """Its public half."""
        return CheckKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    @property
    def line(self) -> str:
        """The key as LOG_KEY holds it."""
        secret = base64.b64encode(_ED25519 + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.check.number.hex()}+{secret}"

    def sign(self, text: str) -> str:
        """The signature line under a text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.check.number + signature).decode()}\n"


def sign_key_read(line: str) -> SignKey:
    """The key in a line; Problem `bad_log_key` for anything else. The line itself is never told."""
    if line.startswith(_PRIVATE):
        name, number, seed = _parts(line.removeprefix(_PRIVATE))
        key = SignKey(name, seed)
        if key.check.number == number:
            return key
    raise _bad_key()


def check_key_read(line: str) -> CheckKey:
    """The public key in a line; Problem `bad_log_key` for anything else."""
    name, number, public = _parts(line)
    key = CheckKey(name, public)
    if key.number != number:
        raise _bad_key()
    return key


def _parts(line: str) -> tuple[str, bytes, bytes]:
    """Name, number and 32 bytes of a key's line."""
    parts = line.split("+", 2)
    try:
        name, number, data = parts[0], bytes.fromhex(parts[1]), base64.b64decode(parts[2], validate=True)
    except (IndexError, ValueError):
        raise _bad_key() from None
    if not _NAME.fullmatch(name) or len(data) != 33 or data[:1] != _ED25519:
        raise _bad_key()
    return name, number, data[1:]


def _bad_key() -> Problem:
    return Problem("bad_log_key", "a key of the log is one line: its name, its number and 33 bytes in base64")


def note_make(head: Checkpoint, keys: Sequence[SignKey]) -> bytes:
    """The signed note of a head, a signature line for every key."""
    return (head.text + "\n" + "".join(key.sign(head.text) for key in keys)).encode()


def note_read(note: bytes) -> Checkpoint:
    """What a note says, whoever signed it; Problem `note_unreadable` for bytes that are no note of a head."""
    return _read(note)[0]


def note_signers(note: bytes, keys: Iterable[CheckKey]) -> list[CheckKey]:
    """Which of some keys have signed a note of their own log: the key of one says nothing about another.

    Problem `note_unreadable` as `note_read`."""
    head, lines = _read(note)
    own = [key for key in keys if key.name == head.origin]
    return [key for key in own if any(_is_signed(head.text, key, *line) for line in lines)]


def _read(note: bytes) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    try:
        if len(note) > NOTE_MAX:
            raise ValueError("too long")
        text, _, signatures = note.decode().rpartition("\n\n")
        origin, size, root, *more = text.split("\n")
        if more or not _NAME.fullmatch(origin) or not _SIZE.fullmatch(size):
            raise ValueError("not the lines of a head")
        head = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
        lines = [_signature(line) for line in signatures.removesuffix("\n").split("\n")]
        if len(head.root) != 32 or f"{text}\n" != head.text or not signatures.endswith("\n"):
            raise ValueError("not the form of a head")
    except (ValueError, binascii.Error) as error:
        raise Problem("note_unreadable", str(error)) from None
    return head, lines


def _signature(line: str) -> tuple[str, bytes]:
    found = _SIGNATURE.fullmatch(line)
    if found is None:
        raise ValueError("a signature line is not of its form")
    return found[1], base64.b64decode(found[2], validate=True)


def _is_signed(text: str, key: CheckKey, name: str, data: bytes) -> bool:
    if name != key.name or data[:4] != key.number:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(data[4:], text.encode())
    except InvalidSignature:
        return False
    return True
