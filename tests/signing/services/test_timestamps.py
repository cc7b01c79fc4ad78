"""The moment of a signature: got before anything is locked, stored with it, and what it is judged by for good."""

import time
from datetime import timedelta
from typing import Any

import pytest

from signing import services
from signing.archive import archive
from signing.invariants import signatures_verify
from signing.log.models import LogEntry
from signing.models import Nonce, Signature, SignedBody
from signing.refusals import Refused
from signing.services.timestamps import timestamp_obtain
from signing.timestamps.tokens import token_check
from tests.signing import forge, stamps
from tests.signing.conftest import CAPACITIES, Desk, by_force
from tests.signing.documents import REF, document
from tests.signing.stamps import LocalAuthority, Stamp, reply_to
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.parameters import profile_seed

MINUTE = timedelta(minutes=1)


def seal(desk: Desk) -> None:
    desk.sign_all()
    services.document_seal(document_ref=REF, revision=1, required_capacities=CAPACITIES)


def verify() -> services.DocumentVerdict:
    return services.document_verify(document_ref=REF, revision=1, required_capacities=CAPACITIES)


def refused(desk: Desk) -> str:
    """The code with which the head's signature is refused; nothing is left behind, and the nonce serves again."""
    content = desk.content("head")
    message = desk.message("head", content)
    with pytest.raises(Problem) as problem:
        desk.accept("head", content, message)
    assert not Signature.objects.exists() and not SignedBody.objects.exists()
    assert not Nonce.objects.exclude(used_at=None).exists()
    return problem.value.code


def test_a_signature_is_stored_with_the_token_over_its_value(desk: Desk) -> None:
    signature = desk.accept("head")

    value = bytes(signature.message)
    stored = token_check(token=bytes(signature.token), data=value[-256:], store=archive().store(forge.AT))
    assert (signature.token_at, stored.generated_at) == (forge.AT, forge.AT)
    told = signature.verdict["timestamp"]
    assert told["certificate"] == stored.certificate.fingerprint.hex()
    assert told["policy"] == stamps.POLICY and told["lists"] and told["issuers"]
    assert signature.verdict["at"] == forge.AT.isoformat()


def test_twenty_signatures_take_a_moment_each(desk: Desk) -> None:
    contents = [desk.content("head", document=document(revision=revision)) for revision in range(1, 21)]
    messages = [desk.message("head", content) for content in contents]
    desk.accept("head", contents[0], messages[0])
    begun = time.perf_counter()

    for content, message in zip(contents[1:], messages[1:], strict=True):
        desk.accept("head", content, message)

    assert time.perf_counter() - begun < 5
    assert Signature.objects.count() == 20


# Without an authority


@pytest.mark.threat("timestamp-authority-silent")
def test_without_an_authority_nothing_is_stored_and_the_same_message_serves_later(
    desk: Desk, timestamps: LocalAuthority, settings: Any
) -> None:
    content = desk.content("head")
    message = desk.message("head", content)
    settings.TIMESTAMP_URL = "http://127.0.0.1:1"

    with pytest.raises(Problem) as problem:
        desk.accept("head", content, message)

    assert (problem.value.code, problem.value.status) == ("timestamp_unavailable", 503)
    assert not Signature.objects.exists() and not LogEntry.objects.exists()
    settings.TIMESTAMP_URL = timestamps.url
    assert desk.accept("head", content, message).token_at == forge.AT


def test_a_denial_is_told_with_its_reason(desk: Desk, timestamps: LocalAuthority) -> None:
    timestamps.answer = lambda query: forge.tlv(0x30, forge.tlv(0x30, stamps.integer(2), forge.tlv(0x03, b"\x07\x80")))

    assert refused(desk) == "timestamp_unavailable"


def test_what_does_not_pass_the_gate_asks_for_no_timestamp(desk: Desk, timestamps: LocalAuthority) -> None:
    message = bytearray(desk.message("head", content := desk.content("head")))
    message[-1] ^= 1

    with pytest.raises(Refused):
        desk.accept("head", content, bytes(message))

    assert timestamps.asked == 0


# From a hostile one


@pytest.mark.threat("timestamp-replayed")
def test_a_token_got_for_an_earlier_request_is_refused(desk: Desk, timestamps: LocalAuthority) -> None:
    timestamps.answer = lambda query: reply_to(query, nonce=4711)
    assert refused(desk) == "timestamp_of_other_request"

    timestamps.answer = lambda query: reply_to(query, nonce=None)
    assert refused(desk) == "timestamp_of_other_request"


@pytest.mark.threat("timestamp-of-other-data")
def test_a_token_over_another_hash_is_refused(desk: Desk, timestamps: LocalAuthority) -> None:
    other = forge.tlv(0x30, forge.algorithm(forge.SHA256), forge.tlv(0x04, bytes(32)))
    timestamps.answer = lambda query: reply_to(query, imprint=other)

    assert refused(desk) == "timestamp_of_other_data"


@pytest.mark.threat("timestamp-moment-off")
@pytest.mark.parametrize(("seconds", "is_taken"), [(-61, False), (-59, True), (59, True), (61, False), (86400, False)])
def test_a_moment_off_our_clock_is_refused(
    desk: Desk, timestamps: LocalAuthority, seconds: int, is_taken: bool
) -> None:
    timestamps.answer = lambda query: reply_to(query, at=clock.now() + timedelta(seconds=seconds))

    with clock.frozen(forge.AT + 2 * MINUTE) as now:
        if is_taken:
            assert desk.accept("accountant").token_at == now + timedelta(seconds=seconds)
        else:
            assert refused(desk) == "timestamp_time_off"


@pytest.mark.threat("timestamp-policy-other")
def test_a_token_under_another_policy_than_the_configured_one_is_refused(
    desk: Desk, timestamps: LocalAuthority, settings: Any
) -> None:
    settings.TIMESTAMP_POLICY = "1.2.3"
    assert refused(desk) == "timestamp_policy"

    settings.TIMESTAMP_POLICY = stamps.POLICY
    assert desk.accept("head").verdict["timestamp"]["policy"] == stamps.POLICY


@pytest.mark.threat("timestamp-unknown-authority")
def test_a_token_of_an_authority_below_another_root_is_refused(desk: Desk, timestamps: LocalAuthority) -> None:
    signer = stamps.issue("路人時戳", by=forge.root("別處根憑證"))
    timestamps.answer = lambda query: reply_to(query, signer=signer)

    assert refused(desk) == "timestamp_untrusted"


@pytest.mark.threat("timestamp-usage")
def test_a_token_signed_with_a_card_is_refused(desk: Desk, timestamps: LocalAuthority) -> None:
    timestamps.answer = lambda query: reply_to(query, signer=desk.people["head"].identity)

    assert refused(desk) == "timestamp_usage"


def test_anybody_may_have_bytes_timestamped(desk: Desk) -> None:
    token = timestamp_obtain(data=b"a head of the log")

    assert token.generated_at == forge.AT
    assert (
        token_check(token=token.der, data=b"a head of the log", store=archive().store(forge.AT)).imprint
        == token.imprint
    )


# Judged as of its moment


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_card_must_be_in_force_at_the_moment_of_the_token_and_at_that_of_receipt(
    desk: Desk, timestamps: LocalAuthority, seconds: int
) -> None:
    # Given an authority whose clock is half a minute off ours, and a card that ended between the two
    now = forge.AT + 2 * MINUTE
    timestamps.answer = lambda query: reply_to(query, at=clock.now() + timedelta(seconds=seconds))
    by_force(
        "UPDATE signing_card SET state = 'ended', ended_at = %s WHERE id = %s",
        now + timedelta(seconds=seconds / 2),
        desk.people["head"].card.pk,
    )

    with clock.frozen(now):
        assert refused(desk) == "card_inactive"


@pytest.mark.threat("revoked-before")
def test_a_card_revoked_before_the_moment_of_the_token_is_refused(desk: Desk, timestamps: LocalAuthority) -> None:
    # Given a list that comes into force between our clock and the authority's
    timestamps.answer = lambda query: reply_to(query, at=clock.now() + MINUTE / 2)
    desk.authorities.gca.revoke(desk.people["head"].identity, forge.AT + MINUTE / 4)
    services.trust_import(folder=desk.authorities.write(desk.folder, number=2, at=forge.AT + MINUTE / 4))

    assert refused(desk) == "certificate_revoked"


@pytest.mark.threat("revoked-after", "revoked-before", "hold-lifted")
@pytest.mark.parametrize(
    ("reason", "since", "listed", "code"),
    [
        ("key_compromise", timedelta(hours=2), timedelta(hours=2), "ok"),
        ("key_compromise", -MINUTE, -MINUTE / 2, "certificate_revoked"),
        ("certificate_hold", -MINUTE, -MINUTE / 2, "certificate_revoked"),
        ("certificate_hold", timedelta(hours=1), timedelta(hours=1), "ok"),
    ],
)
def test_a_list_that_reaches_us_late_counts_for_its_own_time(
    desk: Desk, reason: str, since: timedelta, listed: timedelta, code: str
) -> None:
    # Given a document signed at ten; the list that names its head's card comes in the afternoon
    profile_seed("nta")
    seal(desk)
    desk.authorities.gca.revoke(desk.people["head"].identity, forge.AT + since, reason)
    late = desk.authorities.write(desk.folder, number=2, at=forge.AT + listed)
    # ... and with it the next one, in which a hold is lifted
    with clock.frozen(forge.AT + timedelta(hours=5)):
        services.trust_import(folder=late)
        desk.authorities.gca.revoked.clear()
        services.trust_import(folder=desk.authorities.write(desk.folder, number=3, at=forge.AT + timedelta(hours=4)))

        assert verify().code == code
        assert [one.detail.split()[1] for one in signatures_verify()] == ([] if code == "ok" else [code])


# What force does


@pytest.mark.threat("timestamp-stored-changed")
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE signing_signature SET token_at = token_at + interval '1 second'", "timestamp_differs"),
        ("UPDATE signing_signature SET signed_at = signed_at + interval '61 seconds'", "timestamp_time_off"),
        ("UPDATE signing_signature SET token = ''", "timestamp_malformed"),
        (
            "UPDATE signing_signature AS one SET token = other.token FROM signing_signature AS other "
            "WHERE one.capacity = 'head' AND other.capacity = 'releaser'",
            "timestamp_of_other_data",
        ),
    ],
)
def test_a_stored_token_changed_by_force_is_found(desk: Desk, statement: str, code: str) -> None:
    seal(desk)
    assert verify().ok

    by_force(statement)

    assert verify().code == code


@pytest.mark.threat("timestamp-stored-changed")
def test_a_token_put_in_its_place_years_later_is_found(desk: Desk) -> None:
    # Given somebody with the database and an authority of today, who wants the signature to be of today
    seal(desk)
    head = Signature.objects.get(capacity="head")
    later = forge.AT + timedelta(days=1)
    value = bytes(head.message)[-256:]

    by_force(
        "UPDATE signing_signature SET token = %s, token_at = %s WHERE capacity = 'head'",
        Stamp(value, at=later).token(),
        later,
    )

    assert verify().code == "timestamp_time_off"


def test_an_authority_revoked_since_does_not_undo_its_tokens(desk: Desk) -> None:
    seal(desk)
    later = forge.AT + timedelta(hours=1)
    desk.authorities.root.revoke(stamps.authority(), later)

    with clock.frozen(later + MINUTE):
        services.trust_import(folder=desk.authorities.write(desk.folder, number=2, at=later))
        assert verify().ok
        with pytest.raises(Refused) as after:
            timestamp_obtain(data=b"after")
    assert after.value.code == "timestamp_untrusted"
