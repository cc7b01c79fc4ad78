"""Certificates that no library would issue, even where a real authority signed them: refused, never stumbled over."""

from typing import Any

import pytest

from signing.certificates import REMEMBERED_MAX_BYTES, certificate_read, certificates_forget
from signing.cms import CERTIFICATE_MAX_BYTES
from signing.gate import gate_pass
from signing.refusals import Refused
from tests.signing import forge, handmade
from tests.signing.forge import AT, oid, tlv
from tests.signing.messages import CONTENT, PKI, store

KNOWN = store()
NAME_OF = "2.5.29.17"


def code_of(der: bytes, **given: Any) -> str:
    """What the whole gate says of a message rightly signed with a certificate's key."""
    try:
        gate_pass(
            store=KNOWN,
            content=CONTENT,
            message=handmade.message(PKI.gca, "odd", der, CONTENT, **given),
            at=AT,
        )
    except Refused as refused:
        return refused.code
    return "ok"


def odd(**given: Any) -> bytes:
    return handmade.certificate(PKI.gca, "odd", **given)


def test_one_that_is_not_odd_passes() -> None:
    assert code_of(odd()) == "ok"


def rsa(exponent: int) -> bytes:
    """The key with another exponent."""
    modulus = forge.key("odd").public_key().public_numbers().n
    numbers = [one.to_bytes(one.bit_length() // 8 + 1, "big") for one in (modulus, exponent)]
    return tlv(0x30, forge.algorithm(forge.RSA), tlv(0x03, b"\0", tlv(0x30, *(tlv(0x02, one) for one in numbers))))


@pytest.mark.threat("certificate-odd")
@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("certificate_malformed", {"version": 0}),
        ("certificate_malformed", {"version": 5}),
        ("certificate_malformed", {"extensions": (handmade.USAGE,)}),
        ("certificate_malformed", {"extensions": (handmade.extension(NAME_OF, tlv(0x30, tlv(0xA3, tlv(0x30)))),)}),
        ("certificate_malformed", {"extensions": (handmade.extension(NAME_OF, b"\x05"),)}),
        ("certificate_malformed", {"extensions": (handmade.extension("1.3.6.1.4.1.11129.2.4.2", tlv(4, b"\0\1\2")),)}),
        ("certificate_malformed", {"subject": tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(0x0C, b"\xff"))))}),
        ("certificate_malformed", {"key": tlv(0x30)}),
        ("key_refused", {"key": tlv(0x30, forge.algorithm("1.2.3"), tlv(0x03, b"\0x"))}),
        ("key_refused", {"key": rsa(1)}),
        ("key_refused", {"key": rsa(2)}),
        ("signature_wrong", {"key": rsa(3)}),
        ("path_invalid", {"extensions": (tlv(0x30, oid("1.2.3"), tlv(0x01, b"\xff"), tlv(0x04, b"\x05\x00")),)}),
    ],
    ids=[
        "version 1 written out",
        "version 6",
        "an extension twice",
        "a name of a kind that nobody reads",
        "an extension cut short",
        "a transparency stamp cut short",
        "a subject that is no text",
        "no key",
        "a key of an unknown kind",
        "exponent 1",
        "exponent 2",
        "exponent 3 over another's signature",
        "an unknown critical extension",
    ],
)
def test_an_odd_certificate_is_refused(code: str, given: dict[str, Any]) -> None:
    assert code_of(odd(**given)) == code


@pytest.mark.threat("certificate-odd")
def test_one_beside_the_signer_s_is_refused_when_another_reader_cannot_read_it() -> None:
    # Given a certificate that one parser reads and the path validator's does not
    unreadable = odd(serial=b"\x06", extensions=(handmade.extension("2.5.29.9", tlv(0x30, tlv(0x02, b"\x01"))),))
    plain = odd()
    assert certificate_read(unreadable).subject

    assert code_of(plain, certificates=[plain, odd(serial=b"\x06")]) == "ok"
    assert code_of(plain, certificates=[plain, unreadable]) == "certificate_malformed"


@pytest.mark.threat("memory-filled")
def test_large_certificates_of_strangers_are_not_remembered() -> None:
    small, large = odd(), odd(extensions=(handmade.extension("1.2.3", tlv(0x04, bytes(REMEMBERED_MAX_BYTES))),))

    known = certificate_read(small)
    assert certificate_read(small) is known
    certificates_forget()
    assert certificate_read(small) is not known
    assert certificate_read(large) is not certificate_read(large)
    assert code_of(large) == "ok"
    assert code_of(odd(extensions=(handmade.extension("1.2.3", tlv(0x04, bytes(CERTIFICATE_MAX_BYTES))),))) == (
        "certificate_malformed"
    )
