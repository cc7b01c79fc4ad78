"""Reading CMS SignedData: strict DER of exactly the accepted profiles (RFC 5652, steps 1 and 2 of the gate).

A card's message is one, detached; a timestamp token, which carries its content, the other.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV
from cryptography.x509 import ObjectIdentifier

from signing import cms_schema
from signing.der import check_strict, element
from signing.refusals import Refused

SIZE_MAX_BYTES: Final = 64 * 1024
CERTIFICATES_MAX: Final = 6
# Those of persons and authorities have a quarter of this; what strangers make larger costs us time to refuse.
CERTIFICATE_MAX_BYTES: Final = 8 * 1024
ATTRIBUTES_MAX: Final = 32
_SIGNED_DATA: Final = ObjectIdentifier("1.2.840.113549.1.7.2")
_DATA: Final = ObjectIdentifier("1.2.840.113549.1.7.1")
_CONTENT_TYPE: Final = ObjectIdentifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = ObjectIdentifier("1.2.840.113549.1.9.4")
_SIGNING_TIME: Final = ObjectIdentifier("1.2.840.113549.1.9.5")
_NONCE: Final = ObjectIdentifier("1.2.840.113549.1.9.25.3")
_CARD_NUMBER: Final = ObjectIdentifier("2.16.886.1.100.2.204")
_KNOWN: Final = frozenset({_CONTENT_TYPE, _MESSAGE_DIGEST, _SIGNING_TIME, _NONCE, _CARD_NUMBER})
_ATTRIBUTES: Final = 7
_SEQUENCE, _SET, _OCTETS, _CONTEXT_0 = b"\x30", b"\x31", b"\x04", b"\xa0"
_PRINTABLE, _UTF8, _UTC_TIME, _GENERALIZED_TIME = b"\x13", b"\x0c", b"\x17", b"\x18"
_OID: Final = b"\x06"
_UTC_SHAPE: Final = re.compile(rb"[0-9]{12}Z")
_GENERALIZED_SHAPE: Final = re.compile(rb"[0-9]{14}Z")
S = TypeVar("S", bound="SignedData")


@dataclass(frozen=True, slots=True)
class Profile:
    """What sets the accepted kinds of SignedData apart; `type_octets` is the content type without tag and length."""

    version: int
    content_type: ObjectIdentifier
    type_octets: bytes
    carries_content: bool


CARD_MESSAGE: Final = Profile(1, _DATA, bytes.fromhex("2a864886f70d010701"), carries_content=False)


@dataclass(frozen=True, slots=True)
class SignedData:
    """One signer's SignedData as read: nothing of it is verified yet.

    `signer` is issuer and serial as in the certificate (their DER one after the other); `signed_bytes` what the
    signature covers; the algorithms are AlgorithmIdentifiers without tag and length; `certificates` are DER;
    `attributes` the signed ones by kind; `content` is empty for a detached one.
    """

    signer: bytes
    digest_algorithm: bytes
    signature_algorithm: bytes
    signature: bytes
    signed_bytes: bytes
    message_digest: bytes
    certificates: tuple[bytes, ...]
    attributes: Mapping[ObjectIdentifier, TLV]
    content: bytes


@dataclass(frozen=True, slots=True)
class Message(SignedData):
    """A card's signature as read, with what else its attributes say."""

    signing_time: datetime
    nonce: str | None
    card_number: str | None


# What SignedData holds, in its order: read once for either class, because a card's message is read very often.
_Fields = tuple[bytes, bytes, bytes, bytes, bytes, bytes, tuple[bytes, ...], Mapping[ObjectIdentifier, TLV], bytes]


def message_read(message: bytes) -> Message:
    """Reads a card's message; Refused with the code of the first thing that is not of our profile."""
    return _strictly(_message, message)


def signed_data_read(message: bytes, profile: Profile) -> SignedData:
    """Reads SignedData of a profile; Refused with the code of the first thing that is not of it."""
    return _strictly(lambda data: SignedData(*_signed_data(data, profile)), message)


def _strictly(read: Callable[[bytes], S], message: bytes) -> S:
    if len(message) > SIZE_MAX_BYTES:
        raise Refused("too_large", f"{len(message)} bytes")
    try:
        return read(message)
    except (ValueError, TypeError, OverflowError) as error:
        if _has_bare_signer(message):
            raise Refused("signed_attributes_missing") from None
        raise Refused("not_our_profile", str(error)) from None


def _has_bare_signer(message: bytes) -> bool:
    """Whether a message failed to read because its signer has no signed attributes.

    Such a signature covers the bare content, so signed attributes could pass for content (ePrint 2023/1801).
    """
    try:
        asn1.decode_der(cms_schema.BareContentInfo, message)
    except ValueError:
        return False
    return True


def _message(message: bytes) -> Message:
    found = _signed_data(message, CARD_MESSAGE)
    attributes = found[_ATTRIBUTES]
    return Message(*found, _signing_time(attributes), _nonce(attributes), _card_number(attributes))


def _signed_data(message: bytes, profile: Profile) -> _Fields:
    outer = asn1.decode_der(cms_schema.ContentInfo, message)
    data = outer.content
    if outer.content_type != _SIGNED_DATA:
        raise Refused("not_our_profile", "not SignedData")
    if data.content.content is not None and not profile.carries_content:
        raise Refused("content_embedded")
    signers = data.signers.as_list()
    if len(signers) != 1:
        raise Refused("signers_not_one", f"{len(signers)} signers")
    if data.version != profile.version or data.content.content_type != profile.content_type:
        raise Refused("not_our_profile", f"only version {profile.version} over {profile.content_type.dotted_string}")
    certificates = data.certificates or []
    if len(certificates) > CERTIFICATES_MAX:
        raise Refused("certificates_too_many", f"{len(certificates)} certificates")
    signer = _signer(signers[0])
    digest_algorithm = _algorithm(signer.digest_algorithm)
    digests = [_without_null(_algorithm(one)) for one in data.digest_algorithms.as_list()]
    if digests != [_without_null(digest_algorithm)]:
        raise Refused("algorithms_differ", "digestAlgorithms is not the signer's digest algorithm")
    signed_bytes = element(_SET, signer.signed_attributes.data)
    attributes = _attributes(signed_bytes, profile)
    _check_lists(data.crls or [])
    return (
        bytes(signer.identifier.data),
        digest_algorithm,
        _algorithm(signer.signature_algorithm),
        signer.signature,
        signed_bytes,
        bytes(_expect(_required(attributes, _MESSAGE_DIGEST), _OCTETS).data),
        tuple(map(_certificate, certificates)),
        attributes,
        data.content.content or b"",
    )


def _signer(signer: cms_schema.SignerInfo) -> cms_schema.SignerInfo:
    """The signer with signed and without unsigned attributes, named by issuer and serial."""
    if signer.signed_attributes.tag_bytes != _CONTEXT_0:
        raise Refused("signed_attributes_missing")
    if signer.unsigned_attributes is not None:
        raise Refused("unsigned_attributes")
    if signer.version != 1 or signer.identifier.tag_bytes != _SEQUENCE:
        raise Refused("not_our_profile", "the signer is not named by issuer and serial")
    return signer


def _attributes(signed_bytes: bytes, profile: Profile) -> dict[ObjectIdentifier, TLV]:
    """The signed attributes: each kind once, each with one value."""
    parsed = asn1.decode_der(cms_schema.Attributes, element(_SEQUENCE, signed_bytes))
    found: dict[ObjectIdentifier, TLV] = {}
    attributes = parsed.items.as_list()
    if len(attributes) > ATTRIBUTES_MAX:
        raise Refused("not_our_profile", f"{len(attributes)} attributes")
    for attribute in attributes:
        values = attribute.values.as_list()
        if attribute.kind in found or len(values) != 1:
            raise Refused("attribute_repeated", attribute.kind.dotted_string)
        found[attribute.kind] = values[0]
        if attribute.kind not in _KNOWN:
            # Nobody here asks for it, but what we accept every reader must be able to read
            check_strict(element(values[0].tag_bytes, values[0].data))
    content_type = _required(found, _CONTENT_TYPE)
    if content_type.tag_bytes != _OID or content_type.data != profile.type_octets:
        raise Refused("attribute_wrong", f"contentType is not {profile.content_type.dotted_string}")
    return found


def _certificate(tlv: TLV) -> bytes:
    data = _expect(tlv, _SEQUENCE).data
    if len(data) > CERTIFICATE_MAX_BYTES:
        raise Refused("certificate_malformed", f"{len(data)} bytes")
    return element(_SEQUENCE, data)


def _check_lists(lists: list[TLV]) -> None:
    """Revocation lists in a message are ignored; but they must be some, for readers that do look at them."""
    for one in lists:
        x509.load_der_x509_crl(element(_SEQUENCE, _expect(one, _SEQUENCE).data))


def _required(found: Mapping[ObjectIdentifier, TLV], kind: ObjectIdentifier) -> TLV:
    if kind not in found:
        raise Refused("attribute_missing", kind.dotted_string)
    return found[kind]


def _signing_time(found: Mapping[ObjectIdentifier, TLV]) -> datetime:
    """The signing time, UTC: a UTCTime until 2049, a GeneralizedTime from 2050 on (RFC 5652, 11.3)."""
    value = _required(found, _SIGNING_TIME)
    text = bytes(value.data)
    if value.tag_bytes == _UTC_TIME and _UTC_SHAPE.fullmatch(text):
        century = b"20" if text < b"5" else b"19"
        return _moment(century + text)
    if value.tag_bytes == _GENERALIZED_TIME and _GENERALIZED_SHAPE.fullmatch(text) and text >= b"2050":
        return _moment(text)
    raise Refused("attribute_wrong", "signingTime must be a UTCTime until 2049, a GeneralizedTime from 2050 on")


def _moment(text: bytes) -> datetime:
    """YYYYMMDDHHMMSSZ; ValueError for a moment that does not exist."""
    digits = text.decode()
    return datetime.fromisoformat(f"{digits[:8]}T{digits[8:14]}Z")


def _nonce(found: Mapping[ObjectIdentifier, TLV]) -> str | None:
    if _NONCE not in found:
        return None
    return bytes(_expect(found[_NONCE], _OCTETS).data).decode("ascii")


def _card_number(found: Mapping[ObjectIdentifier, TLV]) -> str | None:
    if _CARD_NUMBER not in found:
        return None
    value = found[_CARD_NUMBER]
    if value.tag_bytes not in (_PRINTABLE, _UTF8, _OCTETS):
        raise Refused("attribute_wrong", "the card number is no text")
    return bytes(value.data).decode("ascii")


def _algorithm(tlv: TLV) -> bytes:
    return bytes(_expect(tlv, _SEQUENCE).data)


def _without_null(algorithm: bytes) -> bytes:
    """An AlgorithmIdentifier without the NULL that some write as its parameters."""
    return algorithm.removesuffix(b"\x05\x00")


def _expect(tlv: TLV, tag: bytes) -> TLV:
    if tlv.tag_bytes != tag:
        raise Refused("not_our_profile", f"tag {tlv.tag_bytes.hex()} instead of {tag.hex()}")
    return tlv
