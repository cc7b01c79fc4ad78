"""Cards as encrypted files: the keys lie in the card's own file, sealed by PIN and by user code.

A card that was opened stays open for the life of its process, so that a day's signatures need no key derivation each;
every signature still needs the PIN. The counter is not flushed for a right PIN on an open card: a power failure forgets
that it was open, too.
"""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.simulation.backends import CardBackend, Certify
from signing.simulation.cards import Card, card_write

_SCRYPT_N: Final = 2**12


class FileCards(CardBackend):
    """Cards whose keys lie sealed in their files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._secret = secrets.token_bytes(32)
        self._open: dict[str, tuple[bytes, rsa.RSAPrivateKey]] = {}

    def check(self) -> None:
        """Files need nothing but their folder."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def holds(self, card: Card) -> bool:
        """Whether the file has the key in it."""
        return "sealed" in card.facts

    def _make(
        self, facts: dict[str, Any], parts: tuple[str, ...], pin: str, user_code: str, certify: Certify
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        keys = {part: rsa.generate_private_key(65537, 2048) for part in parts}
        certificates = {part: base64.b64encode(certify(part, key.public_key())).decode() for part, key in keys.items()}
        inner = secrets.token_bytes(32)
        sealed = {
            "keys": {part: _seal(inner, _plain(key)) for part, key in keys.items()},
            "pin": _wrap(pin, inner),
            "user_code": _wrap(user_code, inner),
        }
        return facts | certificates, {"sealed": sealed}

    def _sign(self, card: Card, pin: str, data: bytes) -> bytes | None:
        key = _opened(card, pin)
        if key is None:
            return None
        self._open[card.card_no] = (self._mark(card, pin), key)
        return _signature(key, data)

    def _is_open(self, card: Card) -> bool:
        return card.card_no in self._open

    def _sign_open(self, card: Card, pin: str, data: bytes) -> bytes | None:
        mark, key = self._open[card.card_no]
        if hmac.compare_digest(mark, self._mark(card, pin)):
            return _signature(key, data)
        del self._open[card.card_no]
        return None

    def _replace_pin(self, card: Card, user_code: str, new_pin: str) -> bool:
        inner = _unwrap(card.facts["sealed"]["user_code"], user_code)
        if inner is None:
            return False
        self._open.pop(card.card_no, None)
        card_write(self.folder, card.facts | {"sealed": card.facts["sealed"] | {"pin": _wrap(new_pin, inner)}})
        return True

    def _mark(self, card: Card, pin: str) -> bytes:
        """What a PIN is known again by; another one once the card was given a new PIN, by whomever."""
        salt = bytes.fromhex(card.facts["sealed"]["pin"]["salt"])
        return hmac.digest(self._secret, salt + pin.encode(), "sha256")


def _opened(card: Card, pin: str) -> rsa.RSAPrivateKey | None:
    inner = _unwrap(card.facts["sealed"]["pin"], pin)
    if inner is None:
        return None
    plain = _unseal(inner, card.facts["sealed"]["keys"]["certificate"])
    key = serialization.load_der_private_key(plain, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _signature(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _plain(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


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
