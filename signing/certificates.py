"""What the gate needs of a certificate, read once per certificate."""

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV, BitString, Default, Explicit, Implicit
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.der import bounds, element
from signing.refusals import Refused
from treasury.core.errors import Problem

REMEMBERED_MAX_BYTES: Final = 4096
_PEM: Final = b"-----BEGIN "
_PEM_LIST: Final = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)
# What the parsers raise for certificates and lists that they cannot make sense of.
UNREADABLE: Final = (
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    RecursionError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@asn1.sequence
class _ToBeSigned:
    version: Annotated[int, Explicit(0), Default(0)]
    serial: TLV
    signature_algorithm: TLV
    issuer: TLV
    validity: TLV
    subject: TLV
    public_key: TLV
    issuer_id: Annotated[BitString | None, Implicit(1)]
    subject_id: Annotated[BitString | None, Implicit(2)]
    extensions: Annotated[list[TLV] | None, Explicit(3)]


@asn1.sequence
class _Certificate:
    to_be_signed: _ToBeSigned
    signature_algorithm: TLV
    signature: BitString


class _PathCertificate(asn1_x509.Certificate):  # type: ignore[misc]
    """A certificate that gives back its original bytes: asn1crypto writes unique identifiers anew, and wrongly, so
    that signatures which were good fail at the second look."""

    def dump(self, force: bool = False) -> bytes:
        """The bytes as they were read."""
        return bytes(self._header + self._contents)


@dataclass(frozen=True)
class CertificateFacts:
    """One certificate, read; `name` is issuer and serial as in a SignerInfo, `fingerprint` SHA-256 of the DER,
    `key_algorithm` the AlgorithmIdentifier of the public key without tag and length."""

    der: bytes
    name: bytes
    fingerprint: bytes
    key_algorithm: bytes

    @cached_property
    def parsed(self) -> x509.Certificate:
        """As the cryptography package reads it."""
        return x509.load_der_x509_certificate(self.der)

    @cached_property
    def for_path(self) -> asn1_x509.Certificate:
        """As the path validator reads it."""
        return _PathCertificate.load(self.der, strict=True)

    @cached_property
    def subject_key(self) -> str:
        """The subject's name, compared as RFC 5280 wants it."""
        return str(self.for_path.subject.hashable)

    @cached_property
    def issuer_key(self) -> str:
        """The issuer's name, compared as RFC 5280 wants it."""
        return str(self.for_path.issuer.hashable)

    @cached_property
    def public_key(self) -> PublicKeyTypes:
        """The subject's public key; Refused `key_refused` when its kind is unknown."""
        try:
            return self.parsed.public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise Refused("key_refused", str(error)) from None

    @cached_property
    def is_whole(self) -> bool:
        """Whether the path validator's parser, too, can read all of it."""
        try:
            return self.for_path.native is not None
        except UNREADABLE:
            return False

    @cached_property
    def spki_sha256(self) -> bytes:
        """SHA-256 of the public key: a renewed card with the same key is recognised by it."""
        key = self.public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(key).digest()

    @cached_property
    def signs(self) -> bool:
        """Whether the key usage is there and holds digitalSignature."""
        usage: Any = self._extension(x509.KeyUsage)
        return usage is not None and bool(usage.digital_signature)

    @cached_property
    def stamps_time(self) -> bool:
        """Whether the extended key usage is critical and holds timeStamping alone (RFC 3161, 2.3)."""
        try:
            found = self.parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        except x509.ExtensionNotFound:
            return False
        return found.critical and list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]

    @cached_property
    def is_authority(self) -> bool:
        """Whether basic constraints make it a certificate authority's."""
        constraints: Any = self._extension(x509.BasicConstraints)
        return constraints is not None and bool(constraints.ca)

    @cached_property
    def is_self_signed(self) -> bool:
        """Whether its own key verifies it: what makes a certificate of a trust folder an anchor."""
        try:
            self.parsed.verify_directly_issued_by(self.parsed)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return False
        return True

    @property
    def subject(self) -> str:
        """The subject's name (RFC 4514)."""
        return self.parsed.subject.rfc4514_string()

    @property
    def issuer(self) -> str:
        """The issuer's name (RFC 4514)."""
        return self.parsed.issuer.rfc4514_string()

    @property
    def serial(self) -> str:
        """The serial number in hexadecimal digits."""
        return f"{self.parsed.serial_number:x}"

    @property
    def valid_from(self) -> datetime:
        """The first moment of validity, UTC."""
        return self.parsed.not_valid_before_utc

    @property
    def valid_to(self) -> datetime:
        """The last moment of validity, UTC."""
        return self.parsed.not_valid_after_utc

    def _extension(self, kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
        try:
            return self.parsed.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return None


def certificate_read(der: bytes) -> CertificateFacts:
    """The facts of a DER certificate; Refused `certificate_malformed`. Those of ordinary size are remembered."""
    return _remembered(der) if len(der) <= REMEMBERED_MAX_BYTES else _read(der)


def _read(der: bytes) -> CertificateFacts:
    try:
        parsed = asn1.decode_der(_Certificate, der).to_be_signed
        key = bytes(parsed.public_key.data)
        facts = CertificateFacts(
            der=der,
            name=b"".join(element(one.tag_bytes, one.data) for one in (parsed.issuer, parsed.serial)),
            fingerprint=hashlib.sha256(der).digest(),
            key_algorithm=key[slice(*bounds(key, 0))],
        )
        # Read now, so that what is broken is refused here and nowhere else
        _ = facts.parsed.extensions, facts.parsed.subject, facts.parsed.issuer, facts.valid_from, facts.valid_to
    except UNREADABLE as error:
        raise Refused("certificate_malformed", str(error)) from None
    return facts


# The memory that strangers' certificates can fill is this many bytes times the number.
_remembered: Final = lru_cache(maxsize=4096)(_read)


def certificates_forget() -> None:
    """Forgets every certificate read so far: what it costs to see one for the first time can be measured then."""
    _remembered.cache_clear()


def fingerprints_of(texts: Iterable[str]) -> frozenset[str]:
    """SHA-256 fingerprints as people write them (capitals, colons), in small hexadecimal digits."""
    return frozenset(one.strip().lower().replace(":", "") for one in texts)


def certificates_load(folder: Path, *, strict: bool = True) -> list[tuple[str, CertificateFacts]]:
    """Every certificate in the files of a folder, DER or PEM, with its file's stem, by file name.

    Problem `no_such_folder`; `not_a_certificate` for a file that cannot be read, which is passed over when not
    `strict` (a path that would need it is not found then).
    """
    found = []
    for path in files_of(folder):
        try:
            found += [(path.stem, certificate_read(piece)) for piece in _pieces(path.read_bytes())]
        except (Refused, ValueError, OSError) as error:
            if strict:
                raise Problem("not_a_certificate", str(error), file=str(path)) from None
    return found


def crls_load(folder: Path) -> list[bytes]:
    """Every revocation list in the files of a folder, as DER; Problem `no_such_folder`.

    Files that hold none are passed over: what would have needed them is refused.
    """
    found = []
    for path in files_of(folder):
        with suppress(OSError, *UNREADABLE):
            found += crl_pieces(path.read_bytes())
    return found


def crl_pieces(data: bytes) -> list[bytes]:
    """The DER of each list in a file's bytes, one as DER or any number as PEM; one of UNREADABLE when there is none."""
    found = [data]
    if _PEM in data:
        lists = [x509.load_pem_x509_crl(piece) for piece in _PEM_LIST.findall(data)]
        found = [one.public_bytes(serialization.Encoding.DER) for one in lists]
    if not found:
        raise ValueError("no revocation list in it")
    for der in found:
        x509.load_der_x509_crl(der).extensions  # noqa: B018  (read now, as a certificate's are)
    return found


def pem_or_der(data: bytes) -> bytes:
    """The DER of one certificate given as PEM or DER; Refused `certificate_malformed`."""
    try:
        return _pieces(data)[0]
    except ValueError as error:
        raise Refused("certificate_malformed", str(error)) from None


def _pieces(data: bytes) -> list[bytes]:
    if _PEM not in data:
        return [data]
    return [one.public_bytes(serialization.Encoding.DER) for one in x509.load_pem_x509_certificates(data)]


def files_of(folder: Path) -> list[Path]:
    """The files of a folder by name, those that begin with a dot left out; Problem `no_such_folder`."""
    if not folder.is_dir():
        raise Problem("no_such_folder", f"{folder} is no folder", file=str(folder))
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
