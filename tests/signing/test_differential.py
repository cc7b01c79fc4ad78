"""What our gate accepts, asn1crypto and OpenSSL accept: nobody can sign so that an auditor's tools say otherwise."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from signing.gate import gate_pass, signature_check
from signing.refusals import Refused
from signing.simulation.message import message_sign
from tests.signing import forge, handmade, pkits
from tests.signing.forge import AT, attribute, oid, tlv
from tests.signing.messages import ACCEPTED, CONTENT, P256, PKI, SIGNER, pss, store
from tests.signing.oracles import OpenSsl, read_by_asn1crypto
from tests.tally import Tally

KNOWN = store()


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> OpenSsl:
    return OpenSsl(tmp_path_factory.mktemp("openssl")).trusting(PKI)


def is_accepted(message: bytes) -> bool:
    try:
        return bool(gate_pass(store=KNOWN, content=CONTENT, message=message, at=AT))
    except Refused:
        return False


KINDS = ("plain", "pss", "p256", "p384", "sha384", "sha512")
ALONG: dict[str, dict[str, Any]] = {
    "bare": {},
    "with nonce and number": {"nonce": "n" * 43, "card_no": "GC00000000000001"},
    "with authorities": {"along": [PKI.gca.der, PKI.root.der]},
    "with lists": {"crls": [PKI.gca.crl(), PKI.root.crl()]},
    "with capabilities": {"extra_attributes": [attribute("1.2.840.113549.1.9.15", tlv(0x30))]},
}


def corpus() -> dict[str, dict[str, Any]]:
    """Every accepted spelling, and every kind of key and hash with all that may come along."""
    found = {name: dict(given) for name, given in ACCEPTED.items() if name != "a long name"}
    for kind in KINDS:
        for name, more in ALONG.items():
            found[f"{kind} {name}"] = {**ACCEPTED[kind], **more}
    return found


@pytest.mark.threat("readers-differ")
@pytest.mark.parametrize("given", corpus().values(), ids=list(corpus()))
def test_what_we_accept_others_accept(given: dict[str, Any], openssl: OpenSsl, tally: Tally) -> None:
    given = {"signer": SIGNER, "content": CONTENT, **given}
    if along := given.pop("along", []):
        given["certificates"] = [*along, given["signer"].der]
    message = forge.message(**given)

    found = gate_pass(store=KNOWN, content=CONTENT, message=message, at=AT)
    theirs, answer = read_by_asn1crypto(message, CONTENT), openssl.answer(message, CONTENT)

    tally("messages accepted that OpenSSL and asn1crypto accept", answer == "" and theirs != "", 1)
    assert answer == ""
    assert theirs == found.certificate.serial


@pytest.mark.threat("readers-differ")
def test_what_a_card_signs_others_accept(openssl: OpenSsl) -> None:
    message = message_sign(
        content=CONTENT,
        sign=lambda data: bytes(SIGNER.key.sign(data, padding.PKCS1v15(), hashes.SHA256())),
        certificate=SIGNER.certificate,
        at=AT,
        nonce="n" * 43,
        card_no="GC00000000000001",
    )

    assert is_accepted(message)
    assert openssl.answer(message, CONTENT) == ""
    assert read_by_asn1crypto(message, CONTENT)


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
@pytest.mark.parametrize("step", [16, pytest.param(1, marks=pytest.mark.nightly)])
def test_of_signed_mail_that_we_accept_others_accept_the_signature(step: int, openssl: OpenSsl, tally: Tally) -> None:
    # NIST's messages are by nobody's cards: only the signature is compared
    wrong, asked = [], 0
    for content, message in list(pkits.signed_messages())[::step]:
        try:
            signature_check(content=content, message=message)
        except Refused:
            continue
        asked += 1
        if openssl.answer_on_signature(message, content) or not read_by_asn1crypto(message, content):
            wrong.append(message)

    tally("messages accepted that OpenSSL and asn1crypto accept", asked - len(wrong), asked)
    assert (wrong, asked > 200 // step) == ([], True)


# Where readers are known to go apart: whatever one of them refuses, we refuse
ODD: dict[str, dict[str, Any]] = {
    "bystander without a name": {"certificates": [SIGNER.der, tlv(0x30, tlv(0x30), tlv(0x30), b"\3\1\0")]},
    "list of garbage": {"crls": [tlv(0x30, tlv(0x02, b"\x01"))]},
    "list cut short": {"crls": [PKI.gca.crl()[:-1]]},
    "value behind a NULL": {"extra_attributes": [attribute("1.2.3", b"\x05\x01\x00")]},
    "long boolean": {"extra_attributes": [attribute("1.2.3", b"\x01\x02\xff\xff")]},
    "integer of nothing": {"extra_attributes": [attribute("1.2.3", b"\x02\x00")]},
    "bits without a count": {"extra_attributes": [attribute("1.2.3", b"\x03\x00")]},
    "nine unused bits": {"extra_attributes": [attribute("1.2.3", b"\x03\x02\x09\x00")]},
    "oid without an end": {"extra_attributes": [attribute("1.2.3", b"\x06\x02\x2a\x86")]},
    "constructed text": {"extra_attributes": [attribute("1.2.3", tlv(0x2C, tlv(0x0C, b"x")))]},
    "end of contents": {"extra_attributes": [attribute("1.2.3", b"\x00\x00")]},
    "other revocation": {"crls": [tlv(0xA1, oid("1.2.3"), tlv(0x30))]},
    "negative numbers": {"signer": P256, "signature": tlv(0x30, tlv(0x02, b"\xff"), tlv(0x02, b"\xff"))},
    "padded number": {"signer": P256, "signature": tlv(0x30, tlv(0x02, b"\x00\x01"), tlv(0x02, b"\x01"))},
}


@pytest.mark.threat("readers-differ")
@pytest.mark.parametrize("given", ODD.values(), ids=list(ODD))
def test_what_others_may_not_read_we_refuse(given: dict[str, Any]) -> None:
    assert not is_accepted(forge.message(**{"signer": SIGNER, "content": CONTENT, **given}))


PSS_ALONE = tlv(0x30, oid(forge.RSA_PSS))


@pytest.mark.threat("algorithm-other")
@pytest.mark.parametrize(
    ("algorithm", "given", "accepted"),
    [
        (PSS_ALONE, {}, False),
        (PSS_ALONE, ACCEPTED["pss"], True),
        (pss(), ACCEPTED["pss"], True),
        (pss(), {}, False),
        (pss(forge.SHA384, forge.SHA384, 48), ACCEPTED["pss"], False),
    ],
    ids=["not by PKCS1", "by PSS", "by PSS as it says", "as it says, not by PKCS1", "not with another hash"],
)
def test_a_key_for_pss_signs_by_pss_alone(
    algorithm: bytes, given: dict[str, Any], accepted: bool, openssl: OpenSsl
) -> None:
    der = handmade.certificate(PKI.gca, "pss", key=handmade.spki(forge.key("pss"), algorithm))
    message = handmade.message(PKI.gca, "pss", der, CONTENT, **given)

    assert is_accepted(message) == accepted == (openssl.answer(message, CONTENT) == "")
