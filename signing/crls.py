"""Revocation lists by generation: which one was in force at a moment, and what it says of a serial number.

A list is parsed and indexed once, however long it is and however many certificates are asked about. The path validator
walks a list entry by entry in Python; it is given a view with no other entries than those of the serial numbers in
question.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from asn1crypto import crl as asn1_crl
from cryptography import x509

from signing.algorithms import SIGNATURE_ALGORITHMS, signature_verify
from signing.certificates import UNREADABLE, CertificateFacts
from signing.der import bounds, element
from signing.list_index import ListIndex
from signing.refusals import Refused

_CERTIFICATE_ISSUER: Final = bytes.fromhex("0603551d1d")
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class RevocationList:
    """One generation of one list, by its DER bytes."""

    der: bytes
    _signers: dict[bytes, bool] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def parsed(self) -> x509.CertificateRevocationList:
        """As the cryptography package reads it (falsy when it has no entries: never ask for its truth)."""
        return x509.load_der_x509_crl(self.der)

    @cached_property
    def for_path(self) -> asn1_crl.CertificateList:
        """As the path validator reads it."""
        return asn1_crl.CertificateList.load(self.der, strict=True)

    @cached_property
    def index(self) -> ListIndex:
        """Where each serial number stands in the list; ValueError when the entries are not DER."""
        return ListIndex.of(self.for_path["tbs_cert_list"]["revoked_certificates"].contents or b"")

    @cached_property
    def is_whole(self) -> bool:
        """Whether whose list it is can be read by both parsers: one that cannot must not spoil the others."""
        try:
            return None not in (self.scope, self.this_update, self.words)
        except UNREADABLE:
            return False

    @cached_property
    def signed_bytes(self) -> bytes:
        """What the signature covers: the original bytes of the first element inside."""
        begin, _ = bounds(self.der, 0)
        return self.der[begin : bounds(self.der, begin)[1]]

    @cached_property
    def number(self) -> int | None:
        """The CRL number."""
        try:
            return self.parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        except x509.ExtensionNotFound:
            return None

    @cached_property
    def sha256(self) -> bytes:
        """SHA-256 of the DER bytes."""
        return hashlib.sha256(self.der).digest()

    @property
    def this_update(self) -> datetime:
        """When the list was issued, UTC."""
        return self.parsed.last_update_utc

    @property
    def next_update(self) -> datetime | None:
        """When the next one is due at the latest, UTC."""
        return self.parsed.next_update_utc

    @property
    def words(self) -> str:
        """Number and times, for whoever has to fetch another one."""
        times = (self.this_update, self.next_update)
        return f"no. {self.number} ({' – '.join(f'{at:%Y-%m-%dT%H:%M:%SZ}' if at else '?' for at in times)})"

    @cached_property
    def issuer_key(self) -> str:
        """The issuer's name, compared as RFC 5280 wants it."""
        return str(self.for_path.issuer.hashable)

    @property
    def issuer_name(self) -> str:
        """The issuer's name (RFC 4514), for people."""
        return self.parsed.issuer.rfc4514_string()

    @cached_property
    def scope(self) -> tuple[str, bytes, bool]:
        """What sets lists of one issuer apart: issuer, distribution point, delta or complete."""
        point = self.for_path.issuing_distribution_point_value
        delta = self.for_path.delta_crl_indicator_value is not None
        return self.issuer_key, point.dump() if point is not None else b"", delta

    @cached_property
    def names_issuers(self) -> bool:
        """Whether entries may belong to other issuers (an indirect list), so that serial numbers alone mislead."""
        point = self.for_path.issuing_distribution_point_value
        return _CERTIFICATE_ISSUER in self.der or bool(point and point["indirect_crl"].native)

    def lists_any(self, serials: Iterable[int]) -> bool:
        """Whether any of the serial numbers is listed; True for an indirect list, which the index cannot answer."""
        return self.names_issuers or any(serial in self.index for serial in serials)

    def is_signed_by(self, authority: CertificateFacts) -> bool:
        """Whether an authority's key verifies the list; asked of the key once."""
        key = authority.spki_sha256
        if key not in self._signers:
            self._signers[key] = self._verifies(authority)
        return self._signers[key]

    def _verifies(self, authority: CertificateFacts) -> bool:
        algorithm = SIGNATURE_ALGORITHMS.get(self.for_path["signature_algorithm"].contents)
        if algorithm is None or not algorithm.hash_name:
            return False
        try:
            signature_verify(
                key=authority.public_key,
                scheme=algorithm.scheme,
                hash_name=algorithm.hash_name,
                signature=self.parsed.signature,
                signed=self.signed_bytes,
            )
        except Refused:
            return False
        return True

    def view(self, serials: Iterable[int]) -> Any:
        """The list as the validator shall see it when only these serial numbers matter."""
        if self.names_issuers:
            return self.for_path
        found = b"".join(map(self.index.entries, serials))
        return _View(self, asn1_crl.RevokedCertificates.load(element(b"\x30", found), strict=True))


class _View:
    """A list with some of its entries; everything else, the signed bytes included, is the original's."""

    def __init__(self, original: RevocationList, entries: asn1_crl.RevokedCertificates) -> None:
        self._original, self._entries = original, entries

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original.for_path, name)

    def __getitem__(self, key: str) -> Any:
        return _Part(self._original, self._entries) if key == "tbs_cert_list" else self._original.for_path[key]


class _Part:
    def __init__(self, original: RevocationList, entries: asn1_crl.RevokedCertificates) -> None:
        self._original, self._entries = original, entries

    def __getitem__(self, key: str) -> Any:
        return self._entries if key == "revoked_certificates" else self._original.for_path["tbs_cert_list"][key]

    def dump(self) -> bytes:
        """The signed bytes of the whole list, always the same object: the validator compares them again and again."""
        return self._original.signed_bytes


def in_force(
    lists: Sequence[RevocationList], authorities: Sequence[CertificateFacts], at: datetime
) -> tuple[list[RevocationList], dict[str, str]]:
    """The lists in force at a moment: of each issuer, key and scope the newest issued before it.

    An older generation must go: a card held then and released since is still on hold in it. A newer one must not be
    seen yet. A list that no authority of its issuer's name has signed is left out. The second answer names the issuers
    (`issuer_key`) whose newest list has a lower number than one before it, with what is wrong: none of their lists is
    to be believed, for one of the two is not what it says.
    """
    by_name: dict[str, list[CertificateFacts]] = defaultdict(list)
    for authority in authorities:
        by_name[authority.subject_key].append(authority)
    groups: dict[Any, list[RevocationList]] = defaultdict(list)
    for one in lists:
        if one.this_update <= at:
            signer = next((known for known in by_name[one.issuer_key] if one.is_signed_by(known)), None)
            if signer is not None:
                groups[one.scope, signer.spki_sha256].append(one)
    chosen: list[RevocationList] = []
    went_back: dict[str, str] = {}
    for generations in groups.values():
        last = max(generations, key=age)
        highest = max(generations, key=_number)
        if _number(last) < _number(highest):
            went_back[last.issuer_key] = f"{last.words} < {highest.words}"
        chosen += [one for one in generations if age(one) == age(last)]
    return chosen, went_back


def age(one: RevocationList) -> tuple[datetime, int]:
    """What puts the generations of a list in order."""
    return one.this_update, _number(one)


def _number(one: RevocationList) -> int:
    return -1 if one.number is None else one.number


def next_issue(lists: Iterable[RevocationList], at: datetime) -> datetime | None:
    """The first moment after `at` at which another list comes into force."""
    return min((one.this_update for one in lists if one.this_update > at), default=None)


def last_issue(lists: Iterable[RevocationList], at: datetime) -> datetime:
    """The last moment up to `at` at which a list came into force."""
    return max((one.this_update for one in lists if one.this_update <= at), default=_BEGINNING)
