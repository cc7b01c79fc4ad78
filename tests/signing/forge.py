"""A workshop for signatures, good and bad: every part of a message can be set by hand.

Written for the tests alone; it shares no code with the product or with the simulated cards.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

DER = serialization.Encoding.DER
CLASS_3 = "2.16.886.101.0.3.3"
AT = datetime(2025, 3, 7, 2, 0, tzinfo=UTC)
DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{end}" for end in (3, 4, 5))
NONCE, CARD_NUMBER = "1.2.840.113549.1.9.25.3", "2.16.886.1.100.2.204"
SHA1, SHA256, SHA384 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2"
RSA, RSA_SHA256, RSA_PSS = (f"1.2.840.113549.1.1.{end}" for end in (1, 11, 10))
MGF1, ECDSA_SHA256 = "1.2.840.113549.1.1.8", "1.2.840.10045.4.3.2"


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def oid(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    out = bytearray()
    for arc in [arcs[0] * 40 + arcs[1], *arcs[2:]]:
        septets = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            septets.append(0x80 | (arc & 0x7F))
        out += bytes(reversed(septets))
    return tlv(0x06, bytes(out))


def algorithm(dotted: str, parameters: bytes = b"\x05\x00") -> bytes:
    return tlv(0x30, oid(dotted), parameters)


def attribute(kind: str, *values: bytes) -> bytes:
    return tlv(0x30, oid(kind), tlv(0x31, *values))


def utc_time(at: datetime) -> bytes:
    return tlv(0x17, at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())


@cache
def key(name: str, kind: str = "rsa2048") -> Any:
    """A private key by name, the same for a whole test run."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[kind])


def usage(*bits: str) -> x509.KeyUsage:
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
    names += ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: name in bits for name in names})


@dataclass
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(DER)


@dataclass
class Authority(Identity):
    """A certificate authority that does as it is told."""

    revoked: dict[int, tuple[datetime, x509.ReasonFlags]] = field(default_factory=dict)

    def issue(
        self,
        name: str = "楊主計",
        *,
        on: Any = None,
        valid: tuple[datetime, datetime] = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)),
        policies: Sequence[str] = (CLASS_3,),
        bits: Sequence[str] | None = ("digital_signature",),
        ca: bool = False,
        serial: int | None = None,
        path_length: int | None = None,
    ) -> Identity:
        own = on or key(name)
        builder = (
            x509.CertificateBuilder()
            .subject_name(distinguished(name))
            .issuer_name(self.certificate.subject)
            .public_key(own.public_key())
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
        )
        if policies:
            held = [x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in policies]
            builder = builder.add_extension(x509.CertificatePolicies(held), critical=False)
        if bits is not None:
            builder = builder.add_extension(usage(*bits), critical=True)
        if ca:
            builder = builder.add_extension(x509.BasicConstraints(True, path_length), critical=True)
        made = builder.sign(self.key, hashes.SHA256())
        return Authority(made, own) if ca else Identity(made, own)

    def crl(
        self,
        number: int | None = 1,
        *,
        at: datetime = AT - timedelta(hours=1),
        days: float = 10,
        signed_by: Any = None,
    ) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(at + timedelta(days=days))
        )
        if number is not None:
            builder = builder.add_extension(x509.CRLNumber(number), critical=False)
        for serial, (when, reason) in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
            builder = builder.add_revoked_certificate(entry.add_extension(x509.CRLReason(reason), False).build())
        return builder.sign(signed_by or self.key, hashes.SHA256()).public_bytes(DER)

    def revoke(self, identity: Identity, at: datetime, reason: str = "key_compromise") -> None:
        self.revoked[identity.certificate.serial_number] = (at, x509.ReasonFlags[reason])


def distinguished(name: str) -> x509.Name:
    """A name in Taiwan; a slash parts several common names."""
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "TW")
    return x509.Name([country, *(x509.NameAttribute(NameOID.COMMON_NAME, part) for part in name.split("/"))])


def root(name: str = "測試根憑證") -> Authority:
    """A self-signed root without subject key identifier, valid 2010 to 2045."""
    own, subject = key(name), distinguished(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2010, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2045, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(own, hashes.SHA256())
    )
    return Authority(made, own)


@dataclass
class Pki:
    """A root with the three authorities that issue cards, as objects and as a folder."""

    root: Authority
    gca: Authority
    xca: Authority
    moica: Authority

    @property
    def authorities(self) -> dict[str, Authority]:
        return {"gca": self.gca, "xca": self.xca, "moica": self.moica}

    def write(self, folder: Path, *, number: int = 1, at: datetime = AT - timedelta(hours=1)) -> Path:
        for part in ("anchors", "intermediates", "crls"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "anchors" / "grca.crt").write_bytes(self.root.der)
        (folder / "crls" / "grca.crl").write_bytes(self.root.crl(number, at=at))
        for name, one in self.authorities.items():
            (folder / "intermediates" / f"{name}.crt").write_bytes(one.der)
            (folder / "crls" / f"{name}.crl").write_bytes(one.crl(number, at=at))
        return folder


@cache
def _authorities() -> tuple[Any, ...]:
    top = root()
    valid = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC))
    below = [
        top.issue(name, ca=True, valid=valid, bits=("key_cert_sign", "crl_sign"), policies=(CLASS_3,))
        for name in ("測試政府憑證", "測試組織憑證", "測試自然人憑證")
    ]
    return (top, *below)


def pki() -> Pki:
    """The authorities with nothing revoked; their keys are the same for a whole test run."""
    return Pki(*(Authority(one.certificate, one.key) for one in _authorities()))


@dataclass
class Recipe:
    """What a message is made of; anything set replaces the right part."""

    signer: Identity
    content: bytes
    at: datetime = AT
    nonce: str = ""
    card_no: str = ""
    certificates: Sequence[bytes] | None = None
    attributes: Sequence[bytes] | None = None
    extra_attributes: Sequence[bytes] = ()
    sorted_attributes: bool = True
    identifier: bytes | None = None
    digest_algorithm: bytes = algorithm(SHA256)
    digest_algorithms: bytes | None = None
    signature_algorithm: bytes | None = None
    hash: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    padding: Any = field(default_factory=padding.PKCS1v15)
    signature: bytes | None = None
    bare: bool = False
    attributes_tag: int = 0xA0
    version: int = 1
    signer_version: int = 1
    content_type: bytes = oid(DATA)
    embedded: bytes | None = None
    crls: Sequence[bytes] = ()
    unsigned: Sequence[bytes] = ()
    signers: int = 1
    outer_type: bytes = oid(SIGNED_DATA)

    def signed_attributes(self) -> bytes:
        if self.attributes is not None:
            parts = list(self.attributes)
        else:
            digest = hashlib.new(self.hash.name, self.content).digest()
            parts = [
                attribute(CONTENT_TYPE, oid(DATA)),
                attribute(MESSAGE_DIGEST, tlv(0x04, digest)),
                attribute(SIGNING_TIME, utc_time(self.at)),
            ]
            if self.nonce:
                parts.append(attribute(NONCE, tlv(0x04, self.nonce.encode())))
            if self.card_no:
                parts.append(attribute(CARD_NUMBER, tlv(0x13, self.card_no.encode())))
        parts += self.extra_attributes
        return b"".join(sorted(parts) if self.sorted_attributes else parts)

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.signer.key, ec.EllipticCurvePrivateKey):
            return self.signer.key.sign(data, ec.ECDSA(self.hash))
        return bytes(self.signer.key.sign(data, self.padding, self.hash))

    def signer_info(self) -> bytes:
        attributes = self.signed_attributes()
        elliptic = isinstance(self.signer.key, ec.EllipticCurvePrivateKey)
        named = algorithm(ECDSA_SHA256, b"") if elliptic else algorithm(RSA_SHA256)
        signed = self.content if self.bare else tlv(0x31, attributes)
        certificate = self.signer.certificate
        serial = certificate.serial_number
        identifier = self.identifier or tlv(
            0x30, certificate.issuer.public_bytes(), tlv(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
        )
        return tlv(
            0x30,
            tlv(0x02, bytes([self.signer_version])),
            identifier,
            self.digest_algorithm,
            b"" if self.bare else tlv(self.attributes_tag, attributes),
            self.signature_algorithm or named,
            tlv(0x04, self._sign(signed) if self.signature is None else self.signature),
            tlv(0xA1, *self.unsigned) if self.unsigned else b"",
        )

    def message(self) -> bytes:
        certificates = [self.signer.der] if self.certificates is None else self.certificates
        inner = tlv(0xA0, tlv(0x04, self.embedded)) if self.embedded is not None else b""
        infos = [self.signer_info() for _ in range(self.signers)]
        return tlv(
            0x30,
            self.outer_type,
            tlv(
                0xA0,
                tlv(
                    0x30,
                    tlv(0x02, bytes([self.version])),
                    self.digest_algorithms or tlv(0x31, self.digest_algorithm),
                    tlv(0x30, self.content_type, inner),
                    tlv(0xA0, *certificates) if certificates else b"",
                    tlv(0xA1, *self.crls) if self.crls else b"",
                    tlv(0x31, *sorted(infos)),
                ),
            ),
        )


def message(signer: Identity, content: bytes, **given: Any) -> bytes:
    """A message over content, right unless told otherwise."""
    return Recipe(signer, content, **given).message()
