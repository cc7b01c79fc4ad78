"""The schema of CMS SignedData (RFC 5652), here alone: `cryptography.hazmat.asn1` is labelled unstable and pinned.

An AlgorithmIdentifier is a TLV (an optional TLV is not supported); `certificates` is a list and not a SET OF, because
real signers do not sort it; `crls` must be declared, and is ignored. The signed attributes are taken as a TLV so that
the original bytes are what gets verified. The bare ones are a signer without signed attributes.
"""

from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV, Explicit, Implicit, SetOf
from cryptography.x509 import ObjectIdentifier


@asn1.sequence
class EncapsulatedContent:
    content_type: ObjectIdentifier
    content: Annotated[bytes | None, Explicit(0)]


@asn1.sequence
class SignerInfo:
    version: int
    identifier: TLV
    digest_algorithm: TLV
    signed_attributes: TLV
    signature_algorithm: TLV
    signature: bytes
    unsigned_attributes: Annotated[list[TLV] | None, Implicit(1)]


@asn1.sequence
class BareSignerInfo:
    version: int
    identifier: TLV
    digest_algorithm: TLV
    signature_algorithm: TLV
    signature: bytes


@asn1.sequence
class SignedData:
    version: int
    digest_algorithms: SetOf[TLV]
    content: EncapsulatedContent
    certificates: Annotated[list[TLV] | None, Implicit(0)]
    crls: Annotated[list[TLV] | None, Implicit(1)]
    signers: SetOf[SignerInfo]


@asn1.sequence
class ContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[SignedData, Explicit(0)]


@asn1.sequence
class BareSignedData:
    version: int
    digest_algorithms: TLV
    content: EncapsulatedContent
    certificates: Annotated[list[TLV] | None, Implicit(0)]
    crls: Annotated[list[TLV] | None, Implicit(1)]
    signers: SetOf[BareSignerInfo]


@asn1.sequence
class BareContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[BareSignedData, Explicit(0)]


@asn1.sequence
class Attribute:
    kind: ObjectIdentifier
    values: SetOf[TLV]


@asn1.sequence
class Attributes:
    items: SetOf[Attribute]
