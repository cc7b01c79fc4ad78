"""Time tokens (RFC 3161): who says that some bytes were there at which moment."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from . import chains, der, messages
from .wrong import Wrong

_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"


@dataclass(frozen=True)
class Stamped:
    """A token that holds: its moment, the authority's path, the lists in force then."""

    at: datetime
    way: list[x509.Certificate]
    lists: list[x509.CertificateRevocationList]

    @property
    def ends_at(self) -> datetime:
        """Until when it stands by itself: the first end of a certificate on its path."""
        return min(one.not_valid_after_utc for one in self.way)


def check(token: bytes, data: bytes, store: chains.Store) -> Stamped:
    """A token over data, as of its own moment; Wrong with the first thing that is the matter."""
    signed = messages.read(token, messages.TST_INFO)
    content = signed.content or b""
    certificate = signed.certificate([one.public_bytes(Encoding.DER) for one in store.others])
    _check_named(signed, certificate)
    signed.check(content, certificate)
    chains.check_stamps(certificate)
    at = _moment(content, data)
    way, lists = store.path(certificate, at)
    return Stamped(at, way, lists)


def _moment(content: bytes, data: bytes) -> datetime:
    """When, once the imprint is that of the data."""
    version, _, imprint, _, at, *_ = der.read(content).expect(der.SEQUENCE).inside()
    algorithm, digest = imprint.expect(der.SEQUENCE).inside()
    hash_ = messages.HASHES.get(algorithm.expect(der.SEQUENCE).inside()[0].oid())
    if version.number() != 1 or hash_ is None:
        raise Wrong("a token of another version, or a hash that is not accepted")
    if digest.expect(der.OCTETS).content != hashlib.new(hash_.name, data).digest():
        raise Wrong("the token is over something else")
    return at.expect(der.GENERALIZED_TIME).moment()


def _check_named(signed: messages.Signed, certificate: x509.Certificate) -> None:
    """Wrong unless the token's signed attributes name the certificate by its hash (RFC 5816)."""
    value = signed.attributes.get(_CERTIFICATE_V2)
    if value is None:
        raise Wrong("the token does not name its certificate by SHA-2")
    first, *rest = value.inside()[0].inside()[0].inside()
    hash_: hashes.HashAlgorithm = hashes.SHA256()
    if first.tag != der.OCTETS:
        hash_, first = messages.HASHES[first.inside()[0].oid()], rest[0]
    if first.expect(der.OCTETS).content != certificate.fingerprint(hash_):
        raise Wrong("the token names another certificate")
