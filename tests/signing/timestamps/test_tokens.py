"""Timestamp tokens: what is believed, and every hostile one refused by its code."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.certificates import certificate_read
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.refusals import Refused
from signing.timestamps.tokens import token_check
from tests.signing import forge, stamps
from tests.signing.forge import AT, SHA1, SHA256, algorithm, attribute, oid, tlv
from tests.signing.stamps import TIME_STAMPING, Stamp, integer, named

DATA = b"the value of a signature"
SHA512 = "2.16.840.1.101.3.4.2.3"
OTHER = b"another signature"


def store(*lists: bytes, root: forge.Authority | None = None) -> TrustStore:
    """The test root with its list, or with others."""
    known = root or forge.pki().root
    crls = lists or (known.crl(),)
    return TrustStore([certificate_read(known.der)], (), [RevocationList(one) for one in crls])


def refusal(token: bytes, *, data: bytes = DATA, at: datetime | None = None, given: TrustStore | None = None) -> str:
    with pytest.raises(Refused) as refused:
        token_check(token=token, data=data, store=given or store(), at=at)
    return refused.value.code


@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=120_000), AT.replace(microsecond=1)])
def test_a_token_tells_its_moment_to_the_microsecond(at: datetime) -> None:
    facts = token_check(token=stamps.token(DATA, at=at), data=DATA, store=store())

    assert (facts.generated_at, facts.generated_at.tzinfo) == (at, UTC)
    assert (facts.imprint, facts.serial, facts.policy) == (hashlib.sha256(DATA).digest(), 1, stamps.POLICY)
    assert facts.certificate.der == stamps.authority().der
    assert [one.der for one in facts.path.issuers] == [forge.pki().root.der]


@pytest.mark.parametrize(
    "given",
    [
        {"accuracy": b"", "nonce": None},
        {"accuracy": tlv(0x30, tlv(0x80, b"\x05"), tlv(0x81, b"\x05"))},
        {"serial": 2**159, "nonce": 2**64},
        {"more": tlv(0xA0, tlv(0xA4, forge.distinguished("時戳").public_bytes()))},
        {"names": attribute(stamps.SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30, tlv(0x30, algorithm(SHA512), tlv(
            0x04, hashlib.sha512(stamps.authority().der).digest())))))},
        {"names": named(stamps.authority().der, tlv(
            0x30,
            tlv(0x30, tlv(0xA4, stamps.authority().certificate.issuer.public_bytes())),
            integer(stamps.authority().certificate.serial_number),
        ))},
    ],
)  # fmt: skip
def test_what_authorities_may_leave_out_or_add_is_accepted(given: dict[str, Any]) -> None:
    assert token_check(token=stamps.token(DATA, **given), data=DATA, store=store()).generated_at == AT


# Whose, and over what


@pytest.mark.threat("timestamp-of-other-data")
def test_a_token_over_another_signature_is_refused() -> None:
    assert refusal(stamps.token(OTHER)) == "timestamp_of_other_data"


@pytest.mark.threat("timestamp-tampered")
@pytest.mark.parametrize("part", ["moment", "signature"])
def test_a_token_that_was_changed_is_refused(part: str) -> None:
    token = bytearray(stamps.token(DATA))
    moment = stamps.moment(AT)
    place = token.index(moment) + len(moment) - 2 if part == "moment" else len(token) - 1

    token[place] ^= 1

    assert refusal(bytes(token)) == "timestamp_signature_wrong"


@pytest.mark.threat("timestamp-certificate-other")
@pytest.mark.parametrize(
    "names",
    [
        b"",
        named(forge.pki().root.der),
        named(stamps.authority().der, tlv(0x30, tlv(0x30, tlv(0xA4, tlv(0x30))), integer(1))),
        named(stamps.authority().der, tlv(0x30, tlv(0x30, tlv(0x82, b"a.example")), integer(1))),
        named(stamps.authority().der, tlv(0x30, tlv(0x30), integer(1))),
        attribute(stamps.SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30))),
        attribute(stamps.SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30, tlv(0x30)))),
        attribute(stamps.SIGNING_CERTIFICATE, tlv(0x04, b"x")),
        attribute(stamps.SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30, tlv(0x30, algorithm(SHA1), tlv(
            0x04, hashlib.sha1(stamps.authority().der).digest()))))),
        attribute(stamps.SIGNING_CERTIFICATE, tlv(0x30, tlv(0x30, tlv(0x30, tlv(
            0x80, hashlib.sha256(stamps.authority().der).digest()))))),
    ],
    ids=lambda _: "names",
)  # fmt: skip
def test_a_token_that_does_not_name_its_certificate_is_refused(names: bytes) -> None:
    assert refusal(stamps.token(DATA, names=names)) == "timestamp_certificate_differs"


@pytest.mark.threat("timestamp-usage")
@pytest.mark.parametrize(
    "given",
    [
        {"usages": ()},
        {"usages": (ExtendedKeyUsageOID.EMAIL_PROTECTION,)},
        {"usages": (TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)},
        {"critical": False},
        {"bits": ("key_encipherment",)},
    ],
)
def test_a_certificate_that_is_not_for_timestamps_alone_is_refused(given: dict[str, Any]) -> None:
    signer = stamps.issue("非時戳", **given)

    assert refusal(stamps.token(DATA, signer=signer)) == "timestamp_usage"


@pytest.mark.threat("timestamp-usage")
def test_a_card_stamps_no_time() -> None:
    assert refusal(stamps.token(DATA, signer=forge.pki().gca.issue("楊主計"))) == "timestamp_usage"


@pytest.mark.threat("timestamp-unknown-authority")
def test_an_authority_below_another_root_is_refused() -> None:
    signer = stamps.issue("路人時戳", by=forge.root("別處根憑證"))

    assert refusal(stamps.token(DATA, signer=signer)) == "timestamp_untrusted"


@pytest.mark.threat("timestamp-forged")
def test_a_self_made_authority_with_the_real_one_s_names_is_refused() -> None:
    fake = forge.Authority(forge.pki().root.certificate, forge.key("fake root"))

    assert refusal(stamps.token(DATA, signer=stamps.issue(by=fake))) == "timestamp_untrusted"


@pytest.mark.threat("timestamp-authority-revoked")
@pytest.mark.parametrize("reason", ["key_compromise", "certificate_hold"])
def test_an_authority_revoked_or_held_at_the_time_is_refused_and_one_revoked_later_is_not(reason: str) -> None:
    root = forge.pki().root
    root.revoke(stamps.authority(), AT, reason)
    revoked = root.crl(2, at=AT)
    before, after = stamps.token(DATA, at=AT - timedelta(minutes=1)), stamps.token(DATA)

    both = store(forge.pki().root.crl(), revoked)

    assert refusal(after, given=both) == "timestamp_untrusted"
    assert token_check(token=before, data=DATA, store=both)


def test_an_expired_authority_is_believed_as_of_its_day_and_not_as_of_a_later_one() -> None:
    known, later = store(), datetime(2031, 1, 1, tzinfo=UTC)
    token = stamps.token(DATA)

    assert token_check(token=token, data=DATA, store=known)
    root = forge.pki().root
    assert refusal(token, at=later, given=store(root.crl(3, at=later))) == "timestamp_untrusted"
    assert refusal(stamps.token(DATA, at=later), given=store(root.crl(3, at=later))) == "timestamp_untrusted"


@pytest.mark.parametrize(
    ("at", "code"), [(AT + timedelta(days=11), "crl_stale"), (AT - timedelta(days=1), "crl_missing")]
)
def test_an_operator_is_told_of_lists_by_their_own_codes(at: datetime, code: str) -> None:
    assert refusal(stamps.token(DATA, at=at)) == code


# Its shape


@pytest.mark.threat("timestamp-malformed")
@pytest.mark.parametrize(
    "given",
    [
        {"version": 2},
        {"more": tlv(0xA1, tlv(0x30, oid("1.2.3"), tlv(0x04, b"")))},
        {"generated_at": forge.utc_time(AT)},
        {"generated_at": tlv(0x18, b"20250307020000+0800")},
        {"generated_at": tlv(0x18, b"20250307020000.50Z")},
        {"generated_at": tlv(0x18, b"20250307020060Z")},
        {"generated_at": tlv(0x18, b"20250230020000Z")},
        {"generated_at": tlv(0x18, "２0250307020000Z".encode())},
        {"imprint": tlv(0x30, algorithm(SHA1), tlv(0x04, hashlib.sha1(DATA).digest()))},
        {"imprint": tlv(0x30, tlv(0x31, oid(SHA256)), tlv(0x04, hashlib.sha256(DATA).digest()))},
        {"accuracy": tlv(0x30, integer(3600))},
        {"accuracy": tlv(0x30, integer(-1))},
        {"accuracy": tlv(0x30, integer(2**70))},
    ],
)  # fmt: skip
def test_content_of_another_shape_is_refused(given: dict[str, Any]) -> None:
    assert refusal(stamps.token(DATA, **given)) == "timestamp_malformed"


@pytest.mark.threat("timestamp-malformed")
@pytest.mark.parametrize(
    "given",
    [
        {"embedded": None},
        {"version": 1},
        {"content_type": oid(forge.DATA)},
        {"signers": 2},
        {"bare": True},
        {"unsigned": [attribute("1.2.840.113549.1.9.16.2.14", tlv(0x30))]},
        {"certificates": [stamps.authority().der] * 7},
        {"attributes": []},
        {"attributes": [attribute(forge.CONTENT_TYPE, oid(forge.DATA))]},
    ],
)
def test_signed_data_of_another_shape_is_refused(given: dict[str, Any]) -> None:
    assert refusal(Stamp(DATA).token(**given)) == "timestamp_malformed"


@pytest.mark.threat("timestamp-malformed")
@pytest.mark.parametrize("token", [b"", b"junk", stamps.token(DATA) + b"\0", b"0" * (64 * 1024 + 1)])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    assert refusal(token) == "timestamp_malformed"


@pytest.mark.threat("timestamp-signature-weak")
@pytest.mark.parametrize("given", [{"certificates": []}, {"digest_algorithm": algorithm(SHA1)}])
def test_a_token_without_certificate_or_by_a_weak_hash_is_refused(given: dict[str, Any]) -> None:
    assert refusal(Stamp(DATA).token(**given)) == "timestamp_signature_wrong"


def test_an_authority_with_an_rsa_key_is_as_good() -> None:
    signer = stamps.issue("RSA 時戳", kind="rsa2048")

    assert token_check(token=stamps.token(DATA, signer=signer), data=DATA, store=store()).certificate.der == signer.der
