"""From a certificate to a pinned anchor, and whether anything on the way was revoked (RFC 5280, as far as our
authorities use it: what they do not use is refused, not guessed at)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID

from .wrong import Wrong

CARD_POLICY, ANY_POLICY = "2.16.886.101.0.3.3", "2.5.29.32.0"
# A path of honest authorities takes some hundred; decoys that issue each other would take for ever.
PATH_MAX, STEPS_MAX = 6, 20_000
_READ_HERE = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.CERTIFICATE_POLICIES,
}
_NOT_HERE = (ExtensionOID.NAME_CONSTRAINTS, ExtensionOID.POLICY_MAPPINGS)


@dataclass(frozen=True)
class Store:
    """What is believed (`anchors`, pinned) and what is only looked at: other authorities and every revocation list."""

    anchors: Sequence[x509.Certificate]
    others: Sequence[x509.Certificate] = ()
    lists: Sequence[x509.CertificateRevocationList] = ()
    _issued: dict[tuple[bytes, bytes], bool] = field(default_factory=dict, compare=False)

    def path(
        self, certificate: x509.Certificate, at: datetime, *, policy: str = ""
    ) -> tuple[list[x509.Certificate], list[x509.CertificateRevocationList]]:
        """The certificate, the authorities above it up to an anchor, and the lists that were asked; Wrong with what
        is the matter with the first way up that there is, as of a moment."""
        ways = list(self._ways([certificate], iter(range(STEPS_MAX))))
        if not ways:
            raise Wrong(f"no way leads from {certificate.subject.rfc4514_string()} to a pinned anchor")
        refused: list[Wrong] = []
        for way in ways:
            try:
                return way, self._checked(way, at, policy)
            except Wrong as wrong:
                refused.append(wrong)
        raise refused[0]

    def _ways(self, way: list[x509.Certificate], steps: Iterator[int]) -> Iterable[list[x509.Certificate]]:
        for authority in [*self.anchors, *self.others]:
            if next(steps, None) is None:
                raise Wrong("too many certificates here name each other as their issuers")
            if authority in way or not self._is_issuer(authority, way[-1]):
                continue
            if authority in self.anchors:
                yield [*way, authority]
            elif len(way) < PATH_MAX:
                yield from self._ways([*way, authority], steps)

    def _is_issuer(self, authority: x509.Certificate, certificate: x509.Certificate) -> bool:
        key = (authority.fingerprint(hashes.SHA256()), certificate.fingerprint(hashes.SHA256()))
        if key not in self._issued:
            try:
                certificate.verify_directly_issued_by(authority)
                self._issued[key] = is_long_enough(authority.public_key())
            except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
                self._issued[key] = False
        return self._issued[key]

    def _checked(self, way: list[x509.Certificate], at: datetime, policy: str) -> list[x509.CertificateRevocationList]:
        for place, one in enumerate(way):
            _check_times(one, at)
            if place:
                _check_authority(one, below=place - 1)
            if one is not way[-1]:
                _check_extensions(one, policy)
        return [self._check_revocation(one, issuer, at) for one, issuer in pairwise(way)]

    def _check_revocation(
        self, one: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> x509.CertificateRevocationList:
        """The list in force at a moment, which must not name the certificate by then."""
        lists = [found for found in self.lists_of(issuer) if found.last_update_utc <= at]
        if not lists:
            raise Wrong(f"no revocation list of {issuer.subject.rfc4514_string()} as of {at.isoformat()}")
        newest = max(lists, key=_age)
        if _age(newest)[1] < max(_age(found)[1] for found in lists):
            raise Wrong(f"the numbers of the revocation lists of {issuer.subject.rfc4514_string()} go back")
        if newest.next_update_utc is None or newest.next_update_utc < at:
            raise Wrong(f"the revocation list of {issuer.subject.rfc4514_string()} was out of date at {at.isoformat()}")
        entry = newest.get_revoked_certificate_by_serial_number(one.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise Wrong(f"{one.subject.rfc4514_string()} was revoked or on hold at {at.isoformat()}")
        return newest

    def lists_of(self, issuer: x509.Certificate) -> list[x509.CertificateRevocationList]:
        """Every complete list that an authority has signed; one with critical extensions is none of these."""
        usage = _extension(issuer, x509.KeyUsage)
        return [
            one
            for one in self.lists
            if one.issuer == issuer.subject
            and (usage is None or usage.crl_sign)
            and not any(extension.critical for extension in one.extensions)
            and one.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        ]

    def check_unrevoked(self, way: Sequence[x509.Certificate], until: datetime) -> None:
        """Wrong when any list here, of any day, says that a certificate of a path was revoked up to a moment."""
        for one, issuer in pairwise(way):
            for found in self.lists_of(issuer):
                entry = found.get_revoked_certificate_by_serial_number(one.serial_number)
                if entry is not None and entry.revocation_date_utc <= until:
                    raise Wrong(f"{one.subject.rfc4514_string()} was revoked before {until.isoformat()}")


def is_long_enough(key: Any) -> bool:
    """Whether a key is of a kind and length that we accept."""
    if isinstance(key, rsa.RSAPublicKey):
        return 2048 <= key.key_size <= 8192
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1")


def _age(one: x509.CertificateRevocationList) -> tuple[datetime, int]:
    """By which the newest of several lists is known: when it was issued, then its number."""
    number = _extension(one, x509.CRLNumber)
    return one.last_update_utc, number.crl_number if number is not None else -1


def _check_times(one: x509.Certificate, at: datetime) -> None:
    if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
        raise Wrong(f"{one.subject.rfc4514_string()} was not valid at {at.isoformat()}")


def _check_authority(one: x509.Certificate, *, below: int) -> None:
    """Wrong unless a certificate may sign others, with so many authorities below it."""
    basic = _extension(one, x509.BasicConstraints)
    usage = _extension(one, x509.KeyUsage)
    if basic is None or not basic.ca or (usage is not None and not usage.key_cert_sign):
        raise Wrong(f"{one.subject.rfc4514_string()} is no authority")
    if basic.path_length is not None and below > basic.path_length:
        raise Wrong(f"{one.subject.rfc4514_string()} has too many authorities below it")


def _check_extensions(one: x509.Certificate, policy: str) -> None:
    for extension in one.extensions:
        if extension.oid in _NOT_HERE or (extension.critical and extension.oid not in _READ_HERE):
            raise Wrong(f"{one.subject.rfc4514_string()} has the extension {extension.oid.dotted_string}")
    policies = _extension(one, x509.CertificatePolicies)
    named = {held.policy_identifier.dotted_string for held in policies} if policies is not None else set()
    if policy and not named & {policy, ANY_POLICY}:
        raise Wrong(f"{one.subject.rfc4514_string()} lacks the policy {policy}")


def check_signs(one: x509.Certificate) -> None:
    """Wrong unless a certificate is for digital signatures, and no authority's."""
    usage, basic = _extension(one, x509.KeyUsage), _extension(one, x509.BasicConstraints)
    if usage is None or not usage.digital_signature or (basic is not None and basic.ca):
        raise Wrong(f"{one.subject.rfc4514_string()} is not for digital signatures")


def check_stamps(one: x509.Certificate) -> None:
    """Wrong unless a certificate is for timestamps and nothing else (RFC 3161, 2.3)."""
    try:
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise Wrong(f"{one.subject.rfc4514_string()} is not for timestamps") from None
    if not usage.critical or list(usage.value) != [x509.ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Wrong(f"{one.subject.rfc4514_string()} is not for timestamps alone")


def _extension(one: x509.Certificate, kind: Any) -> Any:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
