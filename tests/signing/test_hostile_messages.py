"""Steps 1 to 5 of the gate: each hostile message is made here and refused with its code; algorithms stand apart."""

from typing import Any

import pytest

from signing.gate import gate_pass, signature_check
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT, attribute, oid, tlv
from tests.signing.messages import (
    ACCEPTED,
    CONTENT,
    GOOD,
    PKI,
    SHA,
    SIGNER,
    attributes,
    by,
    code_of,
    store,
)


def own(kind: str, *values: bytes) -> dict[str, Any]:
    """A message with one more attribute."""
    return {"extra_attributes": [attribute(kind, *values)]}


def signed_at(tag: int, text: bytes) -> dict[str, Any]:
    """A message with a signing time spelled by hand."""
    return {"attributes": attributes(time=attribute(forge.SIGNING_TIME, tlv(tag, text)))}


# Step 1: size, DER, profile


@pytest.mark.threat("size-over")
def test_64_kib_and_one_byte_are_not_even_read() -> None:
    assert code_of(raw=b"\x30" + bytes(64 * 1024)) == "too_large"
    assert code_of(raw=bytes(64 * 1024)) == "not_our_profile"


@pytest.mark.threat("nesting-deep")
def test_endless_nesting_is_refused_at_once() -> None:
    assert code_of(raw=b"\x30\x80" * 200_000) == "too_large"
    assert code_of(raw=b"\x30\x80" * 32_000) == "not_our_profile"
    assert code_of(**own("1.2.3", nested(15_000))) == "ok"
    assert code_of(**own("1.2.3", b"\x30\x80" * 20_000 + b"\x00\x00" * 10_000)) == "not_our_profile"


def nested(levels: int) -> bytes:
    """Sequences inside one another, each with its right length."""
    lengths, size = [], 0
    for _ in range(levels):
        head = tlv(0x30, bytes(size))[: -size or None]
        lengths.append(head)
        size += len(head)
    return b"".join(reversed(lengths))


@pytest.mark.threat("encoding-not-der")
@by(
    nothing={"raw": b""},
    a_byte_behind={"raw": GOOD + b"\x00"},
    a_byte_short={"raw": GOOD[:-1]},
    indefinite={"raw": b"\x30\x80" + GOOD[4:] + b"\x00\x00"},
    a_length_too_long={"raw": b"\x30\x83\x00" + GOOD[2:]},
    attributes_unsorted={"sorted_attributes": False, "attributes": attributes()[::-1]},
    date_that_is_none=signed_at(0x17, b"250230020000Z"),
    unknown_attribute_of_garbage=own("1.2.3", tlv(0x30, b"\x02")),
    unknown_attribute_behind_a_null=own("1.2.3", tlv(0x30, b"\x05\x01\x00")),
    a_list_of_garbage={"crls": [tlv(0x30, tlv(0x02, b"\x01"))]},
    a_list_of_another_kind={"crls": [tlv(0xA1, oid("1.2.3"))]},
)
def test_what_is_not_der_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "not_our_profile"


@pytest.mark.threat("profile-other")
@by(
    enveloped={"outer_type": oid("1.2.840.113549.1.7.3")},
    version_3={"version": 3},
    signer_version_3={"signer_version": 3},
    timestamp_content={"content_type": oid("1.2.840.113549.1.9.16.1.4")},
    key_identifier={"identifier": tlv(0x80, b"key identifier 20 by")},
    attribute_certificate={"certificates": [tlv(0xA1, b"")]},
    digest_algorithm_of_a_set={"digest_algorithm": tlv(0x31)},
    attributes_without_end={"extra_attributes": [attribute(f"1.3.{index}", b"\x05\x00") for index in range(30)]},
)
def test_another_kind_of_cms_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "not_our_profile"


@pytest.mark.threat("content-embedded")
@by(the_content={"embedded": CONTENT}, another={"embedded": b"another"}, nothing={"embedded": b""})
def test_content_in_the_message_is_refused(given: dict[str, Any]) -> None:
    assert code_of(**given) == "content_embedded"


@pytest.mark.threat("certificates-many")
@pytest.mark.parametrize("number", [6, 40])
def test_more_certificates_than_six_are_refused(number: int) -> None:
    assert code_of(certificates=[SIGNER.der] + [PKI.gca.der] * number) == "certificates_too_many"


# Step 2: one signer, signed attributes


@pytest.mark.threat("signers-two")
@pytest.mark.parametrize("signers", [0, 2, 3])
def test_there_is_exactly_one_signer(signers: int) -> None:
    assert code_of(signers=signers) == "signers_not_one"


@pytest.mark.threat("attributes-stripped")
def test_signed_attributes_do_not_pass_for_content() -> None:
    # Given a right message, an attacker strips the attributes and offers their bytes as the content (2023/1801)
    right = forge.Recipe(SIGNER, CONTENT)
    stolen = tlv(0x31, right.signed_attributes())
    forged = forge.Recipe(SIGNER, stolen, bare=True).message()

    with pytest.raises(Refused) as refused:
        signature_check(content=stolen, message=forged)

    assert refused.value.code == "signed_attributes_missing"
    assert code_of(bare=True) == code_of(attributes_tag=0xA2) == "signed_attributes_missing"


@pytest.mark.threat("attributes-unsigned")
def test_what_nobody_signed_is_not_taken_along() -> None:
    token = attribute("1.2.840.113549.1.9.16.2.14", tlv(0x30))

    assert code_of(unsigned=[token]) == "unsigned_attributes"


@pytest.mark.threat("attribute-missing")
@pytest.mark.parametrize("name", ["type", "digest", "time"])
def test_a_missing_attribute_is_refused(name: str) -> None:
    assert code_of(attributes=attributes(**{name: b""})) == "attribute_missing"


@pytest.mark.threat("attribute-repeated")
@by(
    the_same_digest_twice={"attributes": [*attributes(), attributes()[1]]},
    another_digest={"attributes": [*attributes(), attribute(forge.MESSAGE_DIGEST, tlv(0x04, bytes(32)))]},
    another_time={"attributes": [*attributes(), attribute(forge.SIGNING_TIME, tlv(0x17, b"260307020000Z"))]},
    two_times={"attributes": attributes(time=attribute(forge.SIGNING_TIME, b"\x05\x00", forge.utc_time(AT)))},
    two_digests={
        "attributes": attributes(digest=attribute(forge.MESSAGE_DIGEST, tlv(0x04, bytes(32)), tlv(0x04, SHA)))
    },
    no_digest={"attributes": attributes(digest=attribute(forge.MESSAGE_DIGEST))},
    two_nonces={"nonce": "n" * 43, **own(forge.NONCE, tlv(0x04, b"m" * 43))},
    two_card_numbers={"card_no": "GC1", **own(forge.CARD_NUMBER, tlv(0x13, b"GC2"))},
    an_unknown_one_of_two_values=own("1.2.3", tlv(0x02, b"\x01"), tlv(0x02, b"\x02")),
)
def test_an_attribute_stands_once_with_one_value(given: dict[str, Any]) -> None:
    assert code_of(**given) == "attribute_repeated"


@pytest.mark.threat("attribute-wrong")
@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("attribute_wrong", {"attributes": attributes(type=attribute(forge.CONTENT_TYPE, oid(forge.SIGNED_DATA)))}),
        (
            "attribute_wrong",
            {"attributes": attributes(type=attribute(forge.CONTENT_TYPE, tlv(12, b"data")))},
        ),
        ("not_our_profile", {"attributes": attributes(digest=attribute(forge.MESSAGE_DIGEST, tlv(0x0C, SHA)))}),
        ("attribute_wrong", signed_at(0x18, b"20250307020000Z")),
        ("attribute_wrong", signed_at(0x17, b"2503070200Z")),
        ("attribute_wrong", signed_at(0x17, b"250307100000+0800")),
        ("attribute_wrong", signed_at(0x18, b"20510307020000.5Z")),
        ("attribute_wrong", signed_at(0x18, "２０５１0307020000Z".encode())),
        ("attribute_wrong", own(forge.CARD_NUMBER, tlv(0x02, b"\x01"))),
        ("not_our_profile", own(forge.CARD_NUMBER, tlv(0x0C, "ＧＣ１".encode()))),
        ("not_our_profile", own(forge.NONCE, tlv(0x02, b"\x01"))),
        ("not_our_profile", own(forge.NONCE, tlv(0x04, b"\xff"))),
    ],
)
def test_an_attribute_of_another_type_or_value_is_refused(code: str, given: dict[str, Any]) -> None:
    assert code_of(**given) == code


# Step 4: whose certificate


@pytest.mark.threat("certificate-missing")
@by(another={"certificates": [PKI.gca.der]}, none={"certificates": []})
def test_the_signer_s_certificate_must_be_there(given: dict[str, Any]) -> None:
    assert code_of(**given) == "certificate_missing"


@pytest.mark.threat("certificate-decoy")
@pytest.mark.parametrize("decoy_first", [True, False])
def test_a_decoy_of_the_same_issuer_and_serial_is_refused(decoy_first: bool) -> None:
    impostor = forge.Authority(PKI.gca.certificate, forge.key("impostor"))
    for decoy in (PKI.gca, impostor):
        pair = [decoy.issue("decoy", serial=SIGNER.certificate.serial_number).der, SIGNER.der]
        assert code_of(certificates=pair if decoy_first else pair[::-1]) == "certificate_ambiguous"
    assert code_of(certificates=[SIGNER.der, SIGNER.der]) == "certificate_ambiguous"


# Step 5: the digest (algorithms and keys: test_hostile_algorithms)


@pytest.mark.threat("content-changed")
def test_every_changed_byte_of_the_content_is_noticed() -> None:
    for index in range(len(CONTENT)):
        changed = CONTENT[:index] + bytes([CONTENT[index] ^ 1]) + CONTENT[index + 1 :]
        assert code_of(signed_content=changed) == "digest_differs"
    assert code_of(signed_content=CONTENT + b" ") == code_of(signed_content=b"") == "digest_differs"


# Any of these, changed anywhere


@pytest.mark.threat("message-mutated")
def test_one_flipped_bit_anywhere_is_refused() -> None:
    # Bits that are not signed and not read (the certificate's own signature) are judged by the path
    known = store()
    for index in range(0, len(GOOD), 7):
        changed = GOOD[:index] + bytes([GOOD[index] ^ 1]) + GOOD[index + 1 :]

        with pytest.raises(Refused):
            gate_pass(store=known, content=CONTENT, message=changed, at=AT)


@pytest.mark.threat("content-changed")
@pytest.mark.parametrize("given", ACCEPTED.values(), ids=list(ACCEPTED))
def test_no_accepted_spelling_covers_another_content(given: dict[str, Any]) -> None:
    assert code_of(**given, signed_content=CONTENT[:-1] + b" ") == "digest_differs"
