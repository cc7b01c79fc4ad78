"""The schema of RFC 3161 and ESSCertIDv2 (RFC 5035), alone here as that of CMS is.

What may be absent and has no type of its own is taken as a list of elements: an optional TLV is not supported.
"""

from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV, BitString, Default, Implicit
from cryptography.x509 import ObjectIdentifier


@asn1.sequence
class Imprint:
    algorithm: TLV
    digest: bytes


@asn1.sequence
class Accuracy:
    seconds: int | None
    millis: Annotated[int | None, Implicit(0)]
    micros: Annotated[int | None, Implicit(1)]


@asn1.sequence
class TimestampContent:
    """TSTInfo."""

    version: int
    policy: ObjectIdentifier
    imprint: Imprint
    serial: int
    generated_at: TLV
    accuracy: Accuracy | None
    ordering: Annotated[bool, Default(False)]
    nonce: int | None
    authority: Annotated[list[TLV] | None, Implicit(0)]
    extensions: Annotated[list[TLV] | None, Implicit(1)]


@asn1.sequence
class SigningCertificates:
    """SigningCertificateV2: each a list of hash algorithm (left out for SHA-256), hash, issuer and serial (if told)."""

    certificates: list[list[TLV]]
    policies: list[TLV] | None


@asn1.sequence
class IssuerSerial:
    names: list[TLV]
    serial: TLV


@asn1.sequence
class Query:
    """TimeStampReq."""

    version: int
    imprint: Imprint
    policy: ObjectIdentifier | None
    nonce: int | None
    wants_certificate: Annotated[bool, Default(False)]


@asn1.sequence
class Status:
    status: int
    words: list[TLV] | None
    failure: BitString | None


@asn1.sequence
class Granted:
    """TimeStampResp with a token."""

    status: Status
    token: TLV


@asn1.sequence
class Denied:
    """TimeStampResp without one."""

    status: Status
