"""Files whose manifest and log are in order, over what was signed, stamped or certified wrongly: both find it."""

import importlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.signing import forge
from tests.signing.documents import document
from tests.signing.evidence.changes import edit, judged
from tests.signing.evidence.judges import tool
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


def _sha1(der: bytes, by: Any) -> bytes:
    """A certificate or list signed again with SHA-1."""
    named = {"sha256": forge.oid("1.2.840.113549.1.1.11"), "sha1": forge.oid("1.2.840.113549.1.1.5")}
    algorithm = bytes.fromhex("0500")
    body = bytes(parsed(der)[0]).replace(named["sha256"] + algorithm, named["sha1"] + algorithm)
    signature = by.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    return forge.tlv(0x30, body, forge.tlv(0x30, named["sha1"], algorithm), forge.tlv(0x03, b"\x00", signature))


def parsed(der: bytes) -> list[bytes]:
    """The elements in a sequence."""
    return [one.dump() for one in core.SequenceOf.load(der, spec=core.Any)]


def _weak_card(made: Workshop) -> None:
    card = made.world.cards["head"]
    weak = x509.load_der_x509_certificate(_sha1(card.der, made.world.gca))
    made.world.cards = {**made.world.cards, "head": forge.Identity(weak, card.key)}


def _weak_lists(made: Workshop) -> None:
    lists = made.world.lists
    made.world.lists = lambda at, number=1: [  # type: ignore[method-assign]
        (one, _sha1(der, one) if one is made.world.gca else der) for one, der in lists(at, number)
    ]


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
    "a certificate signed with SHA-1": (_weak_card, {"signature head": "algorithm_refused"}, "certificate head"),
    "a list signed with SHA-1": (_weak_lists, {"time head": "crl_missing"}, "time head"),
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


def test_a_short_key_is_nobody_s_authority_for_the_tool() -> None:
    short = forge.key("弱憑證機構", "rsa1024")
    weak = forge.pki().root.issue("弱憑證機構", on=short, ca=True, bits=("key_cert_sign", "crl_sign"))
    assert isinstance(weak, forge.Authority)
    assert tool()
    chains = importlib.import_module("evidence.chains")
    store = chains.Store([weak.certificate], [], [x509.load_der_x509_crl(weak.crl())])

    with pytest.raises(chains.Wrong, match="no way leads"):
        store.path(weak.issue("卡").certificate, AT)


@pytest.mark.threat("authorities-decoy")
def test_decoys_that_issue_each_other_do_not_keep_the_tool_busy() -> None:
    assert tool()
    chains = importlib.import_module("evidence.chains")
    first = forge.root("假憑證機構")
    own = {"on": first.key, "ca": True, "bits": ("key_cert_sign", "crl_sign")}
    decoys = [first.issue("假憑證機構", **own).certificate for _ in range(30)]
    store = chains.Store([world().root.certificate], decoys)
    begun = time.monotonic()

    with pytest.raises(chains.Wrong):
        store.path(first.issue("卡").certificate, AT)

    assert time.monotonic() - begun < 5


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
