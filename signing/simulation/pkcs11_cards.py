"""Cards on PKCS#11 tokens: the key is made on the token, signs there, and cannot be taken off.

A card is one token, named by its serial number in the card's file. The PIN is compared by the token (`C_Login` as its
user), the user code is its security officer's PIN, with which `C_InitPIN` sets a new one. Nobody stays logged in: each
signature is a session of its own, for a token that a process is logged in to compares no PIN. The counter of tries is
the one of all cards, for SoftHSM counts none.
"""

import base64
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import Attribute, CertificateType, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error

from signing.simulation.backends import CardBackend, CardFailed, Certify
from signing.simulation.cards import Card
from signing.simulation.tries import CardLocked

_IDS: Final = {"certificate": b"\x01", "encipherment": b"\x02"}
_WRONG: Final = (PinIncorrect, PinInvalid, PinLenRange)
_KEPT: Final = {
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.MODIFIABLE: False,
    Attribute.COPYABLE: False,
    Attribute.SIGN_RECOVER: False,
}
# How far a file's own time may lag behind the clock.
_MARGIN_NS: Final = 1_000_000_000
_SOFTHSM: Final = "directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n"


class _Library:
    """What is one for the whole process: the module, as it was told where its tokens are.

    `C_Initialize` without locks of its own: one caller at a time.
    """

    guard = threading.Lock()
    opened_at_ns = 0
    told: tuple[str, str] = ("", "")
    tokens: dict[str, pkcs11.Token] = {}


class Pkcs11Cards(CardBackend):
    """Cards that are tokens of a PKCS#11 module; SoftHSM keeps them beside the folder unless SOFTHSM2_CONF is set."""

    def __init__(self, folder: Path, module: str) -> None:
        super().__init__(folder)
        self._module = module
        self._configuration = os.environ.get("SOFTHSM2_CONF") or str(_configured(folder))

    def check(self) -> None:
        """Loads the module; CardFailed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._library():
            pass

    def holds(self, card: Card) -> bool:
        """Whether the card's token is in a slot of the module."""
        serial = card.facts.get("token")
        if serial is None:
            return False
        with self._library() as library:
            return _token_of(library, serial) is not None

    def _make(
        self, facts: dict[str, Any], parts: tuple[str, ...], pin: str, user_code: str, certify: Certify
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        with self._library() as library:
            token = self._token_new(library, facts["card_no"], pin, user_code)
            certificates = {}
            with token.open(rw=True, user_pin=pin) as session:
                for part in parts:
                    der = certify(part, _key_make(session, part))
                    _certificate_put(session, part, der)
                    certificates[part] = base64.b64encode(der).decode()
        return facts | certificates, {"token": _serial(token)}

    def _token_new(self, library: Any, label: str, pin: str, user_code: str) -> pkcs11.Token:
        """A new token; the codes that a command line shows to everybody are replaced at once."""
        known, passing = set(_Library.tokens), secrets.token_hex(8)
        command = ["softhsm2-util", "--module", self._module, "--init-token", "--free", "--label", label]
        codes = ["--so-pin", passing, "--pin", passing]
        done = subprocess.run([*command, *codes], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CardFailed(f"softhsm2-util: {done.stderr.strip()}")
        _reopen(library)
        token = next(one for serial, one in _Library.tokens.items() if serial not in known and one.label == label)
        with token.open(rw=True, so_pin=passing) as session:
            session.set_pin(passing, user_code)
            session.init_pin(pin)
        return token

    def _sign(self, card: Card, pin: str, data: bytes) -> bytes | None:
        with self._library() as library:
            try:
                session = _token(library, card).open(user_pin=pin)
            except _WRONG:
                _reopen(library)  # which closes the session that was refused
                return None
            with session:
                key: Any = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=_IDS["certificate"])
                return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))

    def _replace_pin(self, card: Card, user_code: str, new_pin: str) -> bool:
        with self._library() as library:
            try:
                session = _token(library, card).open(rw=True, so_pin=user_code)
            except _WRONG:
                _reopen(library)
                return False
            with session:
                os.utime(card.path)  # before it is so: other processes look at their tokens anew
                session.init_pin(new_pin)
            return True

    @contextmanager
    def _library(self) -> Iterator[Any]:
        """The module, to one caller at a time; CardFailed, with every session closed, for what it does not do."""
        with _Library.guard:
            told = (self._module, self._configuration)
            os.environ["SOFTHSM2_CONF"] = self._configuration
            try:
                library = pkcs11.lib(self._module)
                if _Library.told != told:
                    _reopen(library)
                    _Library.told = told
                yield library
            except PinLocked:
                _reopen(library)
                raise CardLocked from None
            except PKCS11Error as error:
                _Library.told = ("", "")
                raise CardFailed(type(error).__name__) from None


def _configured(folder: Path) -> Path:
    """SoftHSM's configuration for tokens beside the card files."""
    tokens = (folder / "tokens").absolute()
    path = tokens / "softhsm2.conf"
    if not path.exists():
        tokens.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(_SOFTHSM.format(folder=tokens))
    return path


def _reopen(library: Any) -> None:
    """Closes every session and looks at the slots anew."""
    library.reinitialize()
    _Library.opened_at_ns = time.time_ns()
    _Library.tokens = {_serial(token): token for token in library.get_tokens()}


def _token_of(library: Any, serial: str) -> pkcs11.Token | None:
    """A token by its serial number; the slots are looked at again for one that was not there before."""
    if serial not in _Library.tokens:
        _reopen(library)
    return _Library.tokens.get(serial)


def _token(library: Any, card: Card) -> pkcs11.Token:
    """The token of a card as it is now: SoftHSM goes on comparing the PIN that was right when it was opened, so it is
    opened anew where another process may have set one since. CardFailed without a token."""
    if card.path.stat().st_mtime_ns > _Library.opened_at_ns - _MARGIN_NS:
        _reopen(library)
    token = _token_of(library, card.facts["token"])
    if token is None:
        raise CardFailed("the token is gone")
    return token


def _serial(token: pkcs11.Token) -> str:
    return token.serial.decode("ascii", "replace").rstrip("\0 ")


def _key_make(session: pkcs11.Session, part: str) -> rsa.RSAPublicKey:
    """A key pair on the token, for signing or for encipherment alone; the public key."""
    uses = (
        MechanismFlag.SIGN | MechanismFlag.VERIFY
        if part == "certificate"
        else MechanismFlag.DECRYPT | MechanismFlag.ENCRYPT
    )
    public, _ = session.generate_keypair(
        KeyType.RSA, 2048, id=_IDS[part], label=part, store=True, capabilities=uses, private_template=_KEPT
    )
    exponent, modulus = (int.from_bytes(public[one]) for one in (Attribute.PUBLIC_EXPONENT, Attribute.MODULUS))
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _certificate_put(session: pkcs11.Session, part: str, der: bytes) -> None:
    """Puts a certificate beside its key, for everybody to read."""
    certificate = x509.load_der_x509_certificate(der)
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.PRIVATE: False,
            Attribute.ID: _IDS[part],
            Attribute.LABEL: part,
            Attribute.SUBJECT: certificate.subject.public_bytes(),
            Attribute.VALUE: der,
        }
    )
