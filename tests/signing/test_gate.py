"""The gate, steps 1 to 5: each hostile message is made here and refused with its code."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from signing.certificates import certificate_read
from signing.cms import message_read
from signing.crls import RevocationList
from signing.gate import gate_pass, signature_check
from signing.paths import CARD_POLICY, PathPolicy, TrustStore
from signing.refusals import REFUSALS, Refused
from tests.signing import forge
from tests.signing.forge import AT, attribute, oid, tlv

CONTENT = b'{"typ":"epay-voucher/1"}'
PKI = forge.pki()
SIGNER = PKI.gca.issue("楊主計")
SHA = hashlib.sha256(CONTENT).digest()
RIGHT = {
    "type": attribute(forge.CONTENT_TYPE, oid(forge.DATA)),
    "digest": attribute(forge.MESSAGE_DIGEST, tlv(0x04, SHA)),
    "time": attribute(forge.SIGNING_TIME, forge.utc_time(AT)),
}


def attributes(**changes: bytes) -> list[bytes]:
    return [one for one in {**RIGHT, **changes}.values() if one]


def pss(name: str = forge.SHA256, mask: str = forge.SHA256, salt: int = 32) -> bytes:
    parts = (
        tlv(0xA0, forge.algorithm(name)),
        tlv(0xA1, tlv(0x30, oid(forge.MGF1), forge.algorithm(mask))),
        tlv(0xA2, tlv(0x02, bytes([salt]))),
    )
    return tlv(0x30, oid(forge.RSA_PSS), tlv(0x30, *parts))


def pss_padding(salt: int = 32, mask: Any = None) -> padding.PSS:
    return padding.PSS(padding.MGF1(mask or hashes.SHA256()), salt)


def store() -> TrustStore:
    lists = [RevocationList(one.crl()) for one in (PKI.root, PKI.gca, PKI.xca, PKI.moica)]
    below = [certificate_read(one.der) for one in PKI.authorities.values()]
    return TrustStore([certificate_read(PKI.root.der)], below, lists)


def code_of(**given: Any) -> str:
    """The code with which a message is refused, `ok` when it passes steps 1 to 5."""
    content = given.pop("signed_content", CONTENT)
    raw = given.pop("raw", None)
    signer = given.pop("signer", SIGNER)
    try:
        signature_check(content=CONTENT, message=forge.message(signer, content, **given) if raw is None else raw)
    except Refused as refused:
        return refused.code
    return "ok"


P256 = PKI.gca.issue("p256", on=forge.key("elliptic", "p256"))
P521 = PKI.gca.issue("p521", on=forge.key("elliptic521", "p521"))
SMALL = PKI.gca.issue("small", on=forge.key("small", "rsa1024"))
LONG = forge.Authority(
    PKI.root.issue("機關名稱很長的憑證機構/" * 5 + "長", on=forge.key("long"), ca=True).certificate, forge.key("long")
).issue("long")
GOOD = forge.message(SIGNER, CONTENT)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"nonce": "n" * 43, "card_no": "GC00000000000001"},
        {"signature_algorithm": forge.algorithm(forge.RSA)},
        {"digest_algorithm": forge.algorithm(forge.SHA256, b"")},
        {"digest_algorithms": tlv(0x31, forge.algorithm(forge.SHA256, b""))},
        {"signature_algorithm": pss(), "padding": pss_padding()},
        {"signer": P256},
        {"crls": [PKI.gca.crl()]},
        {"certificates": [PKI.gca.der, SIGNER.der]},
        {"signer": LONG},
        {"extra_attributes": [attribute("1.2.840.113549.1.9.15", tlv(0x30))]},
        {
            "hash": hashes.SHA384(),
            "digest_algorithm": forge.algorithm(forge.SHA384),
            "signature_algorithm": forge.algorithm("1.2.840.113549.1.1.12"),
        },
    ],
)
def test_it_passes_every_accepted_spelling(given: dict[str, Any]) -> None:
    assert code_of(**given) == "ok"


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    # Step 1: size, DER, profile
    ("too_large", {"raw": b"\x30" + bytes(64 * 1024)}),
    ("not_our_profile", {"raw": bytes(64 * 1024)}),
    ("not_our_profile", {"raw": b""}),
    ("not_our_profile", {"raw": GOOD + b"\x00"}),
    ("not_our_profile", {"raw": GOOD[:-1]}),
    ("not_our_profile", {"raw": b"\x30\x80" * 30_000}),
    ("not_our_profile", {"raw": b"\x30\x80" + GOOD[4:] + b"\x00\x00"}),
    ("not_our_profile", {"outer_type": oid("1.2.840.113549.1.7.3")}),
    ("not_our_profile", {"version": 3}),
    ("not_our_profile", {"signer_version": 3}),
    ("not_our_profile", {"content_type": oid("1.2.840.113549.1.9.16.1.4")}),
    ("not_our_profile", {"identifier": tlv(0x80, b"key identifier 20 by")}),
    ("not_our_profile", {"certificates": [tlv(0xA1, b"")]}),
    ("not_our_profile", {"digest_algorithm": tlv(0x31)}),
    ("not_our_profile", {"sorted_attributes": False, "attributes": attributes()[::-1]}),
    ("content_embedded", {"embedded": CONTENT}),
    ("content_embedded", {"embedded": b""}),
    ("certificates_too_many", {"certificates": [SIGNER.der] + [PKI.gca.der] * 6}),
    ("certificate_malformed", {"certificates": [SIGNER.der, tlv(0x30, tlv(0x02, b"\x01"))]}),
    # Step 2: one signer, signed attributes
    ("signers_not_one", {"signers": 2}),
    ("signers_not_one", {"signers": 0}),
    ("signed_attributes_missing", {"bare": True}),
    ("signed_attributes_missing", {"attributes_tag": 0xA2}),
    ("unsigned_attributes", {"unsigned": [attribute("1.2.840.113549.1.9.16.2.14", tlv(0x30))]}),
    ("attribute_missing", {"attributes": attributes(type=b"")}),
    ("attribute_missing", {"attributes": attributes(digest=b"")}),
    ("attribute_missing", {"attributes": attributes(time=b"")}),
    ("attribute_repeated", {"attributes": [*attributes(), RIGHT["digest"]]}),
    ("attribute_repeated", {"attributes": [*attributes(), attribute(forge.MESSAGE_DIGEST, tlv(0x04, bytes(32)))]}),
    (
        "attribute_repeated",
        {"attributes": attributes(time=attribute(forge.SIGNING_TIME, b"\x05\x00", forge.utc_time(AT)))},
    ),
    ("attribute_repeated", {"attributes": attributes(digest=attribute(forge.MESSAGE_DIGEST))}),
    ("attribute_wrong", {"attributes": attributes(type=attribute(forge.CONTENT_TYPE, oid(forge.SIGNED_DATA)))}),
    ("attribute_wrong", {"attributes": attributes(type=attribute(forge.CONTENT_TYPE, tlv(0x0C, oid(forge.DATA)[2:])))}),
    ("not_our_profile", {"attributes": attributes(digest=attribute(forge.MESSAGE_DIGEST, tlv(0x0C, SHA)))}),
    ("attribute_wrong", {"attributes": attributes(time=attribute(forge.SIGNING_TIME, tlv(0x18, b"20250307020000Z")))}),
    ("attribute_wrong", {"attributes": attributes(time=attribute(forge.SIGNING_TIME, tlv(0x17, b"2503070200Z")))}),
    ("attribute_wrong", {"attributes": attributes(time=attribute(forge.SIGNING_TIME, tlv(0x17, b"250307020000+08")))}),
    ("not_our_profile", {"attributes": attributes(time=attribute(forge.SIGNING_TIME, tlv(0x17, b"250230020000Z")))}),
    ("attribute_wrong", {"extra_attributes": [attribute(forge.CARD_NUMBER, tlv(0x02, b"\x01"))]}),
    ("not_our_profile", {"extra_attributes": [attribute(forge.NONCE, tlv(0x02, b"\x01"))]}),
    ("not_our_profile", {"extra_attributes": [attribute(forge.NONCE, tlv(0x04, b"\xff"))]}),
    # Step 4: whose certificate
    ("certificate_missing", {"certificates": [PKI.gca.der]}),
    ("certificate_missing", {"certificates": []}),
    ("certificate_ambiguous", {"certificates": [SIGNER.der, SIGNER.der]}),
    (
        "certificate_ambiguous",
        {
            "certificates": [
                PKI.gca.issue("decoy", serial=SIGNER.certificate.serial_number).der,
                SIGNER.der,
            ]
        },
    ),
    # Step 5: algorithms, digest, signature
    ("digest_differs", {"signed_content": CONTENT.replace(b"1", b"2")}),
    ("digest_differs", {"signed_content": b""}),
    ("signature_wrong", {"signature": bytes(256)}),
    ("signature_wrong", {"signature": b""}),
    ("signature_wrong", {"signer": forge.Identity(SIGNER.certificate, forge.key("a stranger"))}),
    ("algorithm_refused", {"hash": hashes.SHA1(), "digest_algorithm": forge.algorithm(forge.SHA1)}),
    ("algorithm_refused", {"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.5")}),
    ("algorithm_refused", {"signature_algorithm": forge.algorithm(forge.RSA_SHA256, b"")}),
    ("algorithm_refused", {"signature_algorithm": pss(salt=20), "padding": pss_padding(20)}),
    ("algorithm_refused", {"signature_algorithm": pss(mask=forge.SHA1), "padding": pss_padding(32, hashes.SHA1())}),
    ("algorithm_refused", {"signature_algorithm": forge.algorithm(forge.ECDSA_SHA256, b"")}),
    ("algorithm_refused", {"signer": P256, "signature_algorithm": forge.algorithm(forge.RSA_SHA256)}),
    ("algorithms_differ", {"digest_algorithms": tlv(0x31, forge.algorithm(forge.SHA384))}),
    ("algorithms_differ", {"digest_algorithms": tlv(0x31)}),
    ("algorithms_differ", {"signature_algorithm": forge.algorithm("1.2.840.113549.1.1.12")}),
    ("signature_wrong", {"signature_algorithm": pss()}),
    ("key_refused", {"signer": SMALL}),
    ("key_refused", {"signer": P521, "hash": hashes.SHA256()}),
]


@pytest.mark.threat(
    "attribute-missing",
    "attribute-repeated",
    "attribute-wrong",
    "attributes-stripped",
    "attributes-unsigned",
    "certificate-decoy",
    "certificate-missing",
    "certificates-many",
    "content-changed",
    "content-embedded",
    "digests-mixed",
    "encoding-not-der",
    "key-short",
    "nesting-deep",
    "profile-other",
    "pss-parameters",
    "sha-1",
    "signature-other-key",
    "signers-two",
    "size-over",
)
@pytest.mark.parametrize(("code", "given"), HOSTILE)
def test_it_refuses_a_hostile_message(code: str, given: dict[str, Any]) -> None:
    assert code_of(**given) == code


@pytest.mark.threat("attributes-stripped")
def test_signed_attributes_do_not_pass_for_content() -> None:
    # Given a right message, an attacker strips the attributes and offers their bytes as the content (2023/1801)
    stolen = tlv(0x31, forge.Recipe(SIGNER, CONTENT).signed_attributes())
    signature = forge.Recipe(SIGNER, stolen, bare=True).message()

    with pytest.raises(Refused) as refused:
        signature_check(content=stolen, message=signature)

    assert refused.value.code == "signed_attributes_missing"


@pytest.mark.threat("message-mutated")
def test_one_flipped_bit_anywhere_is_refused() -> None:
    # Bits that are not signed and not read (the certificate's own signature) are judged by the path
    for index in range(0, len(GOOD), 7):
        changed = GOOD[:index] + bytes([GOOD[index] ^ 1]) + GOOD[index + 1 :]

        with pytest.raises(Refused):
            gate_pass(store=store(), content=CONTENT, message=changed, at=AT)


def test_it_reads_the_times_of_two_centuries() -> None:
    late = attribute(forge.SIGNING_TIME, tlv(0x18, b"20510307020000Z"))
    early = attribute(forge.SIGNING_TIME, tlv(0x17, b"990307020000Z"))

    assert message_read(forge.message(SIGNER, CONTENT, attributes=attributes(time=late))).signing_time.year == 2051
    assert message_read(forge.message(SIGNER, CONTENT, attributes=attributes(time=early))).signing_time.year == 1999


# Step 6: who the signer is


def test_it_names_signer_issuer_and_path() -> None:
    signer = gate_pass(store=store(), content=CONTENT, message=GOOD, at=AT)

    assert signer.certificate.der == SIGNER.der
    assert [one.der for one in signer.path.issuers] == [PKI.gca.der, PKI.root.der]
    assert signer.path.policies == (forge.CLASS_3,)


@pytest.mark.threat("encipherment", "policy-other", "anchor-foreign")
@pytest.mark.parametrize(
    ("code", "signer"),
    [
        ("key_usage", PKI.gca.issue("encipherment", bits=("key_encipherment", "data_encipherment"))),
        ("key_usage", PKI.gca.issue("no usage", bits=None)),
        ("policy_missing", PKI.gca.issue("class 1", policies=("2.16.886.101.0.3.1",))),
        ("policy_missing", PKI.gca.issue("no policy", policies=())),
        ("untrusted", forge.root("a stranger's root")),
    ],
)
def test_it_refuses_a_signer_without_standing(code: str, signer: forge.Identity) -> None:
    with pytest.raises(Refused) as refused:
        gate_pass(store=store(), content=CONTENT, message=forge.message(signer, CONTENT), at=AT)

    assert refused.value.code == ("key_usage" if isinstance(signer, forge.Authority) else code)


@pytest.mark.threat("list-of-message")
def test_a_list_that_the_message_brings_along_hides_nothing() -> None:
    # Given a card revoked yesterday, whose message carries the list of the day before
    pki = forge.pki()
    signer, before = pki.gca.issue("revoked"), pki.gca.crl(1, at=AT - timedelta(days=2))
    pki.gca.revoke(signer, AT - timedelta(days=1))
    known = store()
    known.lists = [RevocationList(pki.root.crl()), RevocationList(pki.gca.crl(2))]

    with pytest.raises(Refused) as refused:
        gate_pass(store=known, content=CONTENT, message=forge.message(signer, CONTENT, crls=[before]), at=AT)

    assert refused.value.code == "certificate_revoked"


def test_the_message_s_own_certificates_may_help_outside_the_product() -> None:
    # Given an authority that only the message brings along
    below = PKI.root.issue("新設憑證機構", ca=True, bits=("key_cert_sign", "crl_sign"))
    assert isinstance(below, forge.Authority)
    signer = below.issue("新機關主計")
    message = forge.message(signer, CONTENT, certificates=[signer.der, below.der])
    known = store()
    known.lists = [*known.lists, RevocationList(below.crl())]

    with pytest.raises(Refused) as refused:
        gate_pass(store=known, content=CONTENT, message=message, at=AT)
    found = gate_pass(
        store=known, content=CONTENT, message=message, at=AT, policy=PathPolicy(), use_message_certificates=True
    )

    assert refused.value.code == "untrusted"
    assert found.path.issuer.der == below.der
    assert CARD_POLICY.explicit


def test_every_code_has_a_sentence_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in REFUSALS.values())
    assert Refused("digest_differs").title_zh in Refused("digest_differs", "x").detail
