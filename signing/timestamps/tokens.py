"""RFC 3161 timestamp tokens: strict reading, and everything that must hold before their moment is believed.

A token is SignedData of its own profile, so the gate's strict parser, algorithms and paths serve here too; pyhanko's
validator is the differential oracle of the tests (docs/decisions/0027-tokens-by-our-own-gate.md).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from signing.algorithms import DIGEST_ALGORITHMS
from signing.certificates import CertificateFacts
from signing.cms import Profile, SignedData, signed_data_read
from signing.der import element
from signing.gate import signer_check
from signing.paths import PathPolicy, PathVerdict, TrustStore
from signing.refusals import Refused
from signing.timestamps import schema

TOKEN: Final = Profile(
    3, ObjectIdentifier("1.2.840.113549.1.9.16.1.4"), bytes.fromhex("2a864886f70d0109100104"), carries_content=True
)
ACCURACY_MAX: Final = timedelta(minutes=1)
_ANY_POLICY: Final = PathPolicy()
_SIGNING_CERTIFICATE: Final = ObjectIdentifier("1.2.840.113549.1.9.16.2.47")
_GENERALIZED_TIME, _SEQUENCE, _OCTETS, _INTEGER, _DIRECTORY = b"\x18", b"\x30", b"\x04", b"\x02", b"\xa4"
_MOMENT: Final = re.compile(r"([0-9]{8})([0-9]{6})(\.[0-9]{0,8}[1-9])?Z")
# An operator mends these by importing a list; they are told by their own names.
_OF_LISTS: Final = frozenset({"crl_missing", "crl_stale"})


@dataclass(frozen=True, slots=True)
class TokenRead:
    """A token as read: nothing of it is verified yet. `generated_at` is UTC, `imprint` SHA-256."""

    signed: SignedData
    generated_at: datetime
    imprint: bytes
    serial: int
    policy: str
    nonce: int | None
    accuracy: timedelta


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a verified token says, and by whom: the authority's certificate and the path valid at the moment asked."""

    generated_at: datetime
    imprint: bytes
    serial: int
    policy: str
    certificate: CertificateFacts
    path: PathVerdict

    @property
    def way(self) -> tuple[CertificateFacts, ...]:
        """The authority's certificate and those above it, up to the anchor."""
        return self.certificate, *self.path.issuers

    @property
    def stands_until(self) -> datetime:
        """Until when whoever checks the token believes it: the first end of a certificate on its way."""
        return min(one.valid_to for one in self.way)


@dataclass(frozen=True, slots=True)
class Token:
    """A token fresh from the authority, verified: its DER, its moment (UTC), the SHA-256 of what it is over."""

    der: bytes
    generated_at: datetime
    imprint: bytes
    facts: TokenFacts


def token_check(*, token: bytes, data: bytes, store: TrustStore, at: datetime | None = None) -> TokenFacts:
    """Verifies a token (DER) over data: signature, certificate, its sole usage, and its path with revocation.

    Path and revocation are judged as of `at`; without it as of the token's own moment, so that a later revocation
    or expiry does not undo it. Refused `timestamp_malformed`, `timestamp_of_other_data`,
    `timestamp_signature_wrong`, `timestamp_certificate_differs`, `timestamp_usage`, `timestamp_untrusted`,
    `crl_missing`, `crl_stale` (design: step 9).
    """
    return facts_check(token_read(token), data=data, store=store, at=at)


def facts_check(read: TokenRead, *, data: bytes, store: TrustStore, at: datetime | None = None) -> TokenFacts:
    """The same for a token that was read already."""
    if read.imprint != hashlib.sha256(data).digest():
        raise Refused("timestamp_of_other_data")
    try:
        certificate = signer_check(read.signed, content=read.signed.content)
    except Refused as refused:
        raise _of_token("timestamp_signature_wrong", refused) from None
    _certificate_check(read.signed, certificate)
    if not (certificate.stamps_time and certificate.signs):
        raise Refused("timestamp_usage", certificate.subject)
    try:
        path = store.path_check(certificate, at=at or read.generated_at, policy=_ANY_POLICY)
    except Refused as refused:
        raise refused if refused.code in _OF_LISTS else _of_token("timestamp_untrusted", refused) from None
    return TokenFacts(
        generated_at=read.generated_at,
        imprint=read.imprint,
        serial=read.serial,
        policy=read.policy,
        certificate=certificate,
        path=path,
    )


def token_read(token: bytes) -> TokenRead:
    """Reads a token; Refused `timestamp_malformed` for anything but strict DER of the one profile that we accept."""
    try:
        signed = signed_data_read(token, TOKEN)
        content = asn1.decode_der(schema.TimestampContent, signed.content)
        return TokenRead(
            signed=signed,
            generated_at=_moment(content),
            imprint=_imprint(content),
            serial=content.serial,
            policy=content.policy.dotted_string,
            nonce=content.nonce,
            accuracy=_accuracy(content.accuracy),
        )
    except Refused as refused:
        raise _of_token("timestamp_malformed", refused) from None
    except (ValueError, TypeError, OverflowError) as error:
        raise Refused("timestamp_malformed", str(error)[:200]) from None


def _of_token(code: str, refused: Refused) -> Refused:
    """A refusal of the shared parts, told as one of the token."""
    return Refused(code, ": ".join(filter(None, (refused.code, refused.reason))))


def _moment(content: schema.TimestampContent) -> datetime:
    """genTime, UTC; ValueError for what is no moment or is not spelled as DER wants it."""
    if content.version != 1 or content.extensions is not None:
        raise ValueError("only version 1 without extensions")
    found = _MOMENT.fullmatch(bytes(content.generated_at.data).decode("ascii"))
    if content.generated_at.tag_bytes != _GENERALIZED_TIME or found is None:
        raise ValueError("genTime is no GeneralizedTime in UTC")
    day, time, fraction = found.groups("")
    return datetime.fromisoformat(f"{day}T{time}{fraction}Z")


def _imprint(content: schema.TimestampContent) -> bytes:
    """The SHA-256 that the token is over; ValueError for another hash."""
    hash_name = DIGEST_ALGORITHMS.get(bytes(content.imprint.algorithm.data))
    if hash_name != "sha256" or content.imprint.algorithm.tag_bytes != _SEQUENCE:
        raise ValueError("the imprint is no SHA-256")
    return content.imprint.digest


def _accuracy(found: schema.Accuracy | None) -> timedelta:
    """How far off the moment may be, zero when nothing is said; ValueError when it says next to nothing."""
    if found is None:
        return timedelta(0)
    parts = (found.seconds or 0, found.millis or 0, found.micros or 0)
    accuracy = timedelta(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])
    if min(parts) < 0 or accuracy > ACCURACY_MAX:
        raise ValueError(f"an accuracy of {accuracy} is none")
    return accuracy


def _certificate_check(signed: SignedData, certificate: CertificateFacts) -> None:
    """The signed attribute must name the certificate whose key verified: by SHA-2 hash, and by name where it does."""
    try:
        if not _names(signed, certificate):
            raise Refused("timestamp_certificate_differs", certificate.subject)
    except (ValueError, TypeError, LookupError) as error:
        raise Refused("timestamp_certificate_differs", str(error)[:200]) from None


def _names(signed: SignedData, certificate: CertificateFacts) -> bool:
    attribute = signed.attributes[_SIGNING_CERTIFICATE]
    whole = element(attribute.tag_bytes, attribute.data)
    first = asn1.decode_der(schema.SigningCertificates, whole).certificates[0]
    algorithm = [one for one in first[:1] if one.tag_bytes == _SEQUENCE]
    hash_name = DIGEST_ALGORITHMS[bytes(algorithm[0].data)] if algorithm else "sha256"
    digest, *issuer_serial = first[len(algorithm) :]
    if digest.tag_bytes != _OCTETS or bytes(digest.data) != hashlib.new(hash_name, certificate.der).digest():
        return False
    return all(_issuer_serial(element(one.tag_bytes, one.data)) == certificate.name for one in issuer_serial)


def _issuer_serial(der: bytes) -> bytes:
    """Issuer and serial as a SignerInfo has them."""
    read = asn1.decode_der(schema.IssuerSerial, der)
    (name,) = read.names
    if (name.tag_bytes, read.serial.tag_bytes) != (_DIRECTORY, _INTEGER):
        raise ValueError("the certificate is not named by its issuer")
    return bytes(name.data) + element(_INTEGER, read.serial.data)
