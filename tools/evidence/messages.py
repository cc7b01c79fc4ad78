"""CMS SignedData with one signer (RFC 5652), as signatures and time tokens are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from . import der
from .wrong import Wrong

SIGNED_DATA, DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{end}" for end in (3, 4, 5))
NONCE, CARD_NUMBER = "1.2.840.113549.1.9.25.3", "2.16.886.1.100.2.204"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSA, _PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
_NAMED = {
    "1.2.840.113549.1.1.11": ("pkcs1", "sha256"),
    "1.2.840.113549.1.1.12": ("pkcs1", "sha384"),
    "1.2.840.113549.1.1.13": ("pkcs1", "sha512"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
}


@dataclass(frozen=True)
class Signed:
    """One message as read; `content` is empty when it is detached, `attributes` hold the one value of each kind."""

    content: bytes | None
    certificates: list[bytes]
    name: bytes
    hash: hashes.HashAlgorithm
    scheme: str
    attributes: dict[str, der.Element]
    signed_bytes: bytes
    signature: bytes

    def certificate(self, others: list[bytes]) -> x509.Certificate:
        """The one certificate, among its own and others, with the signer's issuer and serial number by bytes."""
        found = {one for one in [*self.certificates, *others] if _name(one) == self.name}
        if len(found) != 1:
            raise Wrong(f"{len(found)} certificates have the signer's issuer and serial number")
        return x509.load_der_x509_certificate(found.pop())

    def check(self, content: bytes, certificate: x509.Certificate) -> None:
        """Wrong unless the signature is the certificate's over this content."""
        if hashlib.new(self.hash.name, content).digest() != self.attributes[MESSAGE_DIGEST].expect(der.OCTETS).content:
            raise Wrong("the content is not what was signed")
        check_signature(certificate.public_key(), self.scheme, self.hash, self.signature, self.signed_bytes)

    def signed_at(self) -> datetime:
        """The signing time that the signer claims."""
        return self.attributes[SIGNING_TIME].moment()


def read(data: bytes, kind: str) -> Signed:
    """A message whose content is of a kind (`DATA` detached, `TST_INFO` embedded); Wrong for any other shape."""
    outer = der.read(data).expect(der.SEQUENCE).inside()
    if len(outer) != 2 or outer[0].oid() != SIGNED_DATA:
        raise Wrong("no SignedData")
    (body,) = outer[1].expect(0xA0).inside()
    version, digests, content, *rest = body.expect(der.SEQUENCE).inside()
    certificates = rest.pop(0).inside() if rest and rest[0].tag == 0xA0 else []
    if rest and rest[0].tag == 0xA1:
        rest.pop(0)
    (signers,) = rest
    (signer,) = signers.expect(der.SET).inside()
    if version.number() not in (1, 3) or len(digests.expect(der.SET).inside()) != 1:
        raise Wrong("SignedData of another version, or several digests")
    return _signed(signer, _content(content, kind), [one.expect(der.SEQUENCE).raw for one in certificates], kind)


def _content(element: der.Element, kind: str) -> bytes | None:
    named, *embedded = element.expect(der.SEQUENCE).inside()
    if named.oid() != kind or len(embedded) != (kind != DATA):
        raise Wrong("content of another kind, or embedded where it must not be")
    if not embedded:
        return None
    (octets,) = embedded[0].expect(0xA0).inside()
    return octets.expect(der.OCTETS).content


def _signed(signer: der.Element, content: bytes | None, certificates: list[bytes], kind: str) -> Signed:
    parts = signer.expect(der.SEQUENCE).inside()
    if len(parts) != 6:
        raise Wrong("signed attributes are missing, or unsigned ones there")
    version, identifier, digest, attributes, algorithm, signature = parts
    if version.number() != 1:
        raise Wrong("the signer is not named by issuer and serial number")
    hash_ = _hash(digest)
    found: dict[str, der.Element] = {}
    for attribute in attributes.expect(0xA0).inside():
        name, values = attribute.expect(der.SEQUENCE).inside()
        (value,) = values.expect(der.SET).inside()
        if found.setdefault(name.oid(), value) is not value:
            raise Wrong(f"the attribute {name.oid()} is there twice")
    if found[CONTENT_TYPE].oid() != kind:
        raise Wrong("the attribute contentType says something else")
    return Signed(
        content=content,
        certificates=certificates,
        name=identifier.expect(der.SEQUENCE).content,
        hash=hash_,
        scheme=_scheme(algorithm, hash_),
        attributes=found,
        signed_bytes=der.spelled(der.SET, attributes.content),
        signature=signature.expect(der.OCTETS).content,
    )


def _name(certificate: bytes) -> bytes:
    """Issuer and serial number of a certificate, as a SignerInfo names it."""
    parsed = der.read(certificate).inside()[0].inside()
    serial, _, issuer = parsed[1:4] if parsed[0].tag == 0xA0 else parsed[:3]
    return issuer.raw + serial.raw


def _hash(algorithm: der.Element) -> hashes.HashAlgorithm:
    name, *parameters = algorithm.expect(der.SEQUENCE).inside()
    if name.oid() not in HASHES or [one.raw for one in parameters] not in ([], [b"\x05\x00"]):
        raise Wrong(f"hash {name.oid()} is not accepted")
    return HASHES[name.oid()]


def _scheme(algorithm: der.Element, hash_: hashes.HashAlgorithm) -> str:
    """`pkcs1`, `pss` or `ecdsa`; Wrong unless it goes with the hash of the signer."""
    name, *parameters = algorithm.expect(der.SEQUENCE).inside()
    if name.oid() == _RSA:
        return "pkcs1"
    if name.oid() == _PSS:
        own, mask, salt = (one.inside()[0] for one in parameters[0].inside())
        mask_hash = mask.inside()[1]
        if {_hash(own).name, _hash(mask_hash).name} != {hash_.name} or salt.number() != hash_.digest_size:
            raise Wrong("PSS with other parameters than the signer's hash")
        return "pss"
    scheme, hash_name = _NAMED.get(name.oid(), ("", ""))
    if hash_name != hash_.name:
        raise Wrong(f"signature algorithm {name.oid()} is not accepted with {hash_.name}")
    return scheme


def check_signature(key: Any, scheme: str, hash_: hashes.HashAlgorithm, signature: bytes, signed: bytes) -> None:
    """Wrong unless a raw signature over bytes is the key's, and the key of a kind and length we accept."""
    is_rsa = isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 8192
    is_ec = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1")
    if not (is_ec if scheme == "ecdsa" else is_rsa):
        raise Wrong("a key of this kind or length is not accepted")
    try:
        if scheme == "ecdsa":
            key.verify(signature, signed, ec.ECDSA(hash_))
        elif scheme == "pss":
            key.verify(signature, signed, padding.PSS(padding.MGF1(hash_), hash_.digest_size), hash_)
        else:
            key.verify(signature, signed, padding.PKCS1v15(), hash_)
    except InvalidSignature:
        raise Wrong("the signature is not the key's over these bytes") from None
