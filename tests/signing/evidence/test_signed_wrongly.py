"""Files whose manifest and log are in order, over what was signed, stamped or certified wrongly: both find it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from tests.signing import forge
from tests.signing.documents import document
from tests.signing.evidence.changes import edit, judged
from tests.signing.evidence.workshop import (
    AT,
    Stamp,
    Workshop,
    sha,
    stamper,
    token,
    world,
    year,
)


def remade(change: Callable[[Workshop], Any]) -> Workshop:
    """A file of a world that a change has come over before anything was signed."""
    own = world()
    made = Workshop(world=own, stamps=[Stamp(own.stamper, AT + timedelta(hours=10), (own.gca, own.root), number=2)])
    change(made)
    return made.made()


def _same_key(made: Workshop) -> None:
    key = made.world.cards["accountant"].key
    made.world.cards = {**made.world.cards, "head": made.world.gca.issue("證據-同鑰", on=key)}


def _card(**given: Any) -> Callable[[Workshop], None]:
    def change(made: Workshop) -> None:
        made.world.cards = {**made.world.cards, "head": made.world.gca.issue("證據-head", **given)}

    return change


def _revoked(when: timedelta) -> Callable[[Workshop], None]:
    return lambda made: made.world.gca.revoke(made.world.cards["head"], AT + when)


def _signed(**given: Any) -> Callable[[Workshop], None]:
    return lambda made: setattr(made, "signed", {"head": given})


def _content_of(**given: Any) -> Callable[[Workshop], None]:
    def change(made: Workshop) -> None:
        other = Workshop(world=made.world, document=document(**given))
        made.content = lambda capacity: (  # type: ignore[method-assign]
            other if capacity == "head" else Workshop(world=made.world, parts=made.parts)
        ).content(capacity)

    return change


def _stamper(*usages: x509.ObjectIdentifier) -> Callable[[Workshop], None]:
    def change(made: Workshop) -> None:
        other = stamper("時戳他", (year(2024), year(2027)), made.world.gca, usages=list(usages))
        made.world.stamper = other

    return change


STAMPING, SERVER = x509.ExtendedKeyUsageOID.TIME_STAMPING, x509.ExtendedKeyUsageOID.SERVER_AUTH
REMADE: dict[str, tuple[Callable[[Workshop], Any], dict[str, str], str]] = {
    "one key in two capacities": (_same_key, {"together": "signer_not_distinct"}, "together"),
    "another policy": (_card(policies=["1.2.3"]), {"signature head": "policy_missing"}, "certificate head"),
    "no signing card": (_card(bits=["key_encipherment"]), {"signature head": "key_usage"}, "certificate head"),
    "an expired card": (
        _card(valid=(year(2020), year(2025))),
        {"signature head": "certificate_expired"},
        "certificate head",
    ),
    "a card revoked before": (
        _revoked(-timedelta(hours=2)),
        {"signature head": "certificate_revoked"},
        "certificate head",
    ),
    "another's signature": (
        _signed(identity=forge.Identity(world().cards["head"].certificate, forge.key("somebody"))),
        {"signature head": "signature_wrong"},
        "signature head",
    ),
    "another content signed": (_signed(content=b"{}"), {"signature head": "digest_differs"}, "signature head"),
    "another nonce": (_signed(nonce="M" * 43), {"signature head": "nonce_of_other_use"}, "signature head"),
    "signed long before": (
        _signed(at=AT - timedelta(minutes=20)),
        {"signature head": "signing_time_off"},
        "time head",
    ),
    "another document's content": (
        _content_of(number="P0307-003"),
        {"signature head": "content_of_other_document"},
        "signature head",
    ),
    "another voucher": (_content_of(payees=2), {"together": "document_differs"}, "together"),
    "a stamper for everything": (_stamper(STAMPING, SERVER), {"time head": "timestamp_usage"}, "time head"),
    "a stamper for servers": (_stamper(SERVER), {"time head": "timestamp_usage"}, "time head"),
    "a releaser who names others": (
        lambda made: setattr(made, "content", _unaware(made)),
        {"together": "earlier_signatures"},
        "together",
    ),
}


def _unaware(made: Workshop) -> Callable[[str], bytes]:
    def content(capacity: str) -> bytes:
        right = Workshop(world=made.world, parts=made.parts)
        if capacity == "releaser":
            right.parts = dict.fromkeys(made.parts, b"other")
        return right.content(capacity)

    return content


@pytest.mark.threat("evidence-forged")
@pytest.mark.parametrize("name", REMADE)
def test_what_was_signed_wrongly_is_found_by_both(name: str, next_day: datetime) -> None:
    change, codes, check = REMADE[name]

    by_product, by_stranger = judged(remade(change), next_day)

    assert codes.items() <= by_product.items(), by_product
    assert check in by_stranger, by_stranger


def test_a_card_revoked_since_still_holds(next_day: datetime) -> None:
    made = remade(_revoked(timedelta(hours=5)))

    assert judged(made, next_day) == ({}, {})


@pytest.mark.threat("evidence-forged")
def test_a_token_over_another_signature_is_found(good: Workshop, next_day: datetime) -> None:
    other = token(good.world.stamper, b"another signature", AT)

    def change(parts: dict[str, bytes]) -> None:
        parts["tokens/head.tst"] = other
        edit("document.json", lambda value: value["signatures"][1].update(token_sha256=sha(other)))(parts)

    by_product, by_stranger = judged(good, next_day, change)

    assert by_product["time head"] == "timestamp_of_other_data" and "time head" in by_stranger


@pytest.mark.threat("evidence-forged")
def test_a_token_over_bytes_that_are_not_the_signature_is_found(good: Workshop, next_day: datetime) -> None:
    raw = b"x" * 256
    stamp = token(good.world.stamper, raw, AT)

    def change(parts: dict[str, bytes]) -> None:
        parts |= {"tokens/head.tst": stamp, "signatures/head.sig": raw}
        edit("document.json", lambda value: value["signatures"][1].update(token_sha256=sha(stamp)))(parts)

    by_product, by_stranger = judged(good, next_day, change)

    assert by_product["signature head"] == "evidence_differs" and "signature head" in by_stranger
