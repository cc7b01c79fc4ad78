"""Every part of an evidence file, forged one at a time with the manifest made to fit: the product and the stand-alone
tool, which share no code, find each."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from signing.evidence.container import container_write
from tests.signing import forge
from tests.signing.documents import document
from tests.signing.evidence.conftest import stamped
from tests.signing.evidence.judges import product, stranger
from tests.signing.evidence.workshop import (
    AT,
    CAPACITIES,
    Change,
    Stamp,
    Workshop,
    canonical,
    sha,
    stamper,
    token,
    world,
    year,
)

Both = tuple[dict[str, str], dict[str, str]]


def judged(made: Workshop, at: datetime, change: Change | None = None) -> Both:
    """What both find in a file, after a change of its parts."""
    data = made.sealed(change)
    anchors = [made.world.root.certificate]
    return product(data, anchors, at), stranger(data, anchors, at)


def edit(name: str, how: Callable[[Any], Any]) -> Change:
    """A change of the JSON in one part."""

    def change(parts: dict[str, bytes]) -> None:
        value = json.loads(parts[name])
        how(value)
        parts[name] = canonical(value)

    return change


def put(name: str, content: bytes | None) -> Change:
    """A part exchanged, or taken out."""

    def change(parts: dict[str, bytes]) -> None:
        parts.pop(name, None)
        if content is not None:
            parts[name] = content

    return change


def logless(parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if name.startswith("log/")]:
        del parts[name]


def test_a_right_file_holds(good: Workshop, next_day: datetime) -> None:
    assert judged(good, next_day) == ({}, {})


def test_a_file_with_two_signatures_holds(next_day: datetime) -> None:
    made = stamped(capacities=CAPACITIES[:2])

    assert judged(made, next_day) == ({}, {})


def told(how: Callable[[dict[str, Any]], Any]) -> Change:
    """A change of what the document says of the accountant's signature."""
    return edit("document.json", lambda value: how(value["signatures"][0]))


def first(part: str) -> Callable[[Any], Any]:
    return lambda value: value[part][0]


def run(value: Any) -> Any:
    return value["runs"][0]


_OTHER = sha(b"something else")
# Name: the change, what the product says of which check, which check of the tool fails.
FORGED: dict[str, tuple[str, Change, dict[str, str], str]] = {
    "another document": (
        "evidence-forged",
        edit("document.json", lambda value: value.update(document_ref="0003010000/114/P0307-999")),
        {"document": "evidence_differs"},
        "document",
    ),
    "another digest": (
        "evidence-forged",
        edit("document.json", lambda value: value.update(digest=_OTHER)),
        {"document": "evidence_differs"},
        "document",
    ),
    "a signature less": (
        "evidence-forged",
        edit("document.json", lambda value: value["signatures"].pop(0)),
        {"document": "document_incomplete"},
        "document",
    ),
    "a content changed": (
        "evidence-forged",
        put("contents/accountant.json", b"{}"),
        {"document": "evidence_differs"},
        "signature accountant",
    ),
    "a document of other shape": (
        "evidence-parts",
        put("document.json", b'{"signatures":7,"typ":"epay-log-document/1"}'),
        {"document": "evidence_part"},
        "document",
    ),
    "other certificates than logged": (
        "evidence-forged",
        told(lambda value: value.update(issuers=[_OTHER])),
        {"signature accountant": "evidence_differs", "proofs": "evidence_log"},
        "certificate accountant",
    ),
    "other lists than logged": (
        "evidence-forged",
        told(lambda value: value.update(lists=[_OTHER])),
        {"signature accountant": "evidence_differs", "proofs": "evidence_log"},
        "certificate accountant",
    ),
    "another bare signature": (
        "evidence-forged",
        put("signatures/head.sig", b"x" * 256),
        {"time head": "timestamp_of_other_data", "together": "signer_not_distinct"},
        "signature head",
    ),
    "a token less": ("evidence-parts", put("tokens/head.tst", None), {"document": "evidence_part"}, "document"),
    "an extra part": ("evidence-parts", put("extra.json", b"{}"), {"parts": "evidence_part"}, "parts"),
    "an extra content": ("evidence-parts", put("contents/x.json", b"{}"), {"parts": "evidence_part"}, "parts"),
    "an extra entry": ("evidence-parts", put("log/entries/9.json", b"{}"), {"parts": "evidence_part"}, "parts"),
    "no history": (
        "evidence-parts",
        put("history.json", None),
        {"parts": "evidence_part", "history": "evidence_part"},
        "parts",
    ),
    "a certificate misnamed": (
        "evidence-parts",
        lambda parts: parts.update({f"certificates/{_OTHER}.pem": world().root.certificate.public_bytes(_PEM)}),
        {"material": "evidence_part"},
        "material",
    ),
    "a list misnamed": (
        "evidence-parts",
        lambda parts: parts.update({f"crls/{_OTHER}.pem": next(v for k, v in parts.items() if k[:4] == "crls")}),
        {"material": "evidence_part"},
        "material",
    ),
    "a posting changed": (
        "evidence-ledger",
        edit("ledger.json", lambda value: run(value)["links"][2]["lines"].__setitem__(0, "1101C1")),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "a moment changed": (
        "evidence-ledger",
        edit("ledger.json", lambda value: run(value)["links"][1].update(at=1)),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "a chain begun elsewhere": (
        "evidence-ledger",
        edit("ledger.json", lambda value: run(value).update(previous_hash=_OTHER)),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "a digest of other chains": (
        "evidence-ledger",
        edit("ledger.json", lambda value: value["days"][0]["heads"].pop(0)),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "a digest that seals nothing": (
        "evidence-ledger",
        edit("ledger.json", lambda value: value["runs"].clear()),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "links that tell nothing": (
        "evidence-ledger",
        edit("ledger.json", lambda value: run(value).update(links=[{**_bare(one)} for one in run(value)["links"]])),
        {"ledger": "evidence_ledger"},
        "ledger",
    ),
    "a posting no day has sealed": (
        "evidence-log-left-out",
        edit("ledger.json", lambda value: (run(value).update(digest=""), value["days"].clear())),
        {"logged": "evidence_log"},
        "logged days",
    ),
    "another account": (
        "evidence-payment",
        edit("bank.json", lambda value: value["instructions"][0].update(account_no="999")),
        {"bank": "evidence_payment"},
        "bank",
    ),
    "a line paid twice": (
        "evidence-payment",
        edit("bank.json", lambda value: value["instructions"].append(value["instructions"][0])),
        {"bank": "evidence_payment"},
        "bank",
    ),
    "a cheque of another amount": (
        "evidence-payment",
        edit("bank.json", lambda value: value["cheques"].append(_cheque(101))),
        {"bank": "evidence_payment"},
        "bank",
    ),
    "acts out of order": (
        "evidence-forged",
        edit("history.json", lambda value: value["acts"].reverse()),
        {"history": "evidence_differs"},
        "history",
    ),
    "an act from nowhere": (
        "evidence-forged",
        edit("history.json", lambda value: value["acts"][1].update(source="paid")),
        {"history": "evidence_differs"},
        "history",
    ),
    "no log": ("evidence-log-left-out", logless, {"heads": "evidence_log"}, "heads"),
    "a head of another size": (
        "evidence-log-left-out",
        lambda parts: parts.update({"log/heads/5.note": parts["log/heads/4.note"]}),
        {"heads": "evidence_part"},
        "heads",
    ),
    "a head unsigned": (
        "evidence-log-left-out",
        lambda parts: parts.update({"log/heads/4.note": parts["log/heads/4.note"].replace(b"\n4\n", b"\n5\n")}),
        {"heads": "evidence_log"},
        "heads",
    ),
    "a head that is none": (
        "evidence-log-left-out",
        put("log/heads/4.note", b"4"),
        {"heads": "note_unreadable"},
        "heads",
    ),
    "a proof of another place": (
        "evidence-log-left-out",
        edit("log/proofs/document.json", lambda value: value.update(index=2)),
        {"proofs": "evidence_log"},
        "proofs",
    ),
    "the document without a proof": (
        "evidence-log-left-out",
        put("log/proofs/document.json", None),
        {"logged": "evidence_log"},
        "logged document",
    ),
    "the day without a proof": (
        "evidence-log-left-out",
        lambda parts: (parts.pop("log/proofs/2.json"), parts.pop("log/entries/2.json")),
        {"logged": "evidence_log"},
        "logged days",
    ),
}
_PEM = forge.serialization.Encoding.PEM


def _bare(link: dict[str, Any]) -> dict[str, Any]:
    return {name: link[name] for name in ("fingerprint", "booked_on", "at")}


def _cheque(amount_twd: int, line_no: int = 1) -> dict[str, Any]:
    return {"cheque_no": "AB0000001", "line_no": line_no, "amount_twd": amount_twd, "state": "cleared"}


def of(slug: str) -> Any:
    """The cases of one threat."""
    return pytest.mark.parametrize("name", [name for name, (named, *_) in FORGED.items() if named == slug])


def _found_by_both(name: str, good: Workshop, at: datetime) -> None:
    _, change, codes, check = FORGED[name]

    by_product, by_stranger = judged(good, at, change)

    assert codes.items() <= by_product.items(), by_product
    assert check in by_stranger, by_stranger


@pytest.mark.threat("evidence-forged")
@of("evidence-forged")
def test_a_forged_part_is_found_by_both(name: str, good: Workshop, next_day: datetime) -> None:
    _found_by_both(name, good, next_day)


@pytest.mark.threat("evidence-parts")
@of("evidence-parts")
def test_a_part_too_few_or_too_many_is_found_by_both(name: str, good: Workshop, next_day: datetime) -> None:
    _found_by_both(name, good, next_day)


@pytest.mark.threat("evidence-ledger")
@of("evidence-ledger")
def test_changed_books_are_found_by_both(name: str, good: Workshop, next_day: datetime) -> None:
    _found_by_both(name, good, next_day)


@pytest.mark.threat("evidence-payment")
@of("evidence-payment")
def test_a_payment_that_nobody_signed_is_found_by_both(name: str, good: Workshop, next_day: datetime) -> None:
    _found_by_both(name, good, next_day)


@pytest.mark.threat("evidence-log-left-out")
@of("evidence-log-left-out")
def test_what_the_log_does_not_prove_is_found_by_both(name: str, good: Workshop, next_day: datetime) -> None:
    _found_by_both(name, good, next_day)


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


def test_a_pin_makes_the_files_own_root_an_anchor_and_no_other_does(good: Workshop, next_day: datetime) -> None:
    strange = forge.root()

    by_product, by_stranger = (judge(good.sealed(), [strange.certificate], next_day) for judge in (product, stranger))

    assert by_product["time head"] == "timestamp_untrusted" and "certificate head" in by_stranger


def test_salaries_and_cheques_are_held_against_what_was_signed(next_day: datetime) -> None:
    salaries = document()
    salaries["voucher"] |= {"method": "entrusted", "entrusted": {"disbursement_account": "700"}}
    line = {"line_no": 1, "attempt": 1, "end_to_end_id": "114-1-1", "state": "credited", "earlier": []}
    paid = {**line, "network": "entrusted", "account_no": "700", "amount_twd": 100}
    right = stamped(document=salaries, bank={"instructions": [paid]})
    other = stamped(document=salaries, bank={"instructions": [{**paid, "account_no": "701"}]})
    cheque = stamped(bank={"instructions": [], "cheques": [_cheque(100)]})
    before_the_first = stamped(bank={"instructions": [], "cheques": [_cheque(100, line_no=0)]})

    assert judged(right, next_day) == ({}, {})
    assert judged(cheque, next_day) == ({}, {})
    for wrong in (other, before_the_first):
        by_product, by_stranger = judged(wrong, next_day)
        assert by_product == {"bank": "evidence_payment"} and list(by_stranger) == ["bank"]


def test_a_line_sent_again_may_go_to_the_corrected_account(good: Workshop, next_day: datetime) -> None:
    earlier = [{"end_to_end_id": "114-1-1", "attempt": 1}]
    corrected = {"attempt": 2, "end_to_end_id": "114-1-2", "account_no": "999", "earlier": earlier}

    found = judged(good, next_day, edit("bank.json", lambda value: first("instructions")(value).update(corrected)))

    assert found == ({}, {})


def test_a_posting_of_others_or_over_another_total_is_found(next_day: datetime) -> None:
    other = document()
    other["voucher"] = {**other["voucher"], "total_twd": 90}
    made = stamped()
    wrong = Workshop(world=made.world, document=other).made()

    def totals(parts: dict[str, bytes]) -> None:
        parts["ledger.json"] = wrong.parts["ledger.json"]

    by_product, by_stranger = judged(made, next_day, totals)

    assert by_product["postings"] == "evidence_payment" and "ledger" in by_stranger


def test_without_the_log_a_file_of_the_same_day_is_judged_by_its_stamps(good: Workshop) -> None:
    made = good.sealed(logless)
    anchors = [good.world.root.certificate]

    for judge in (product, stranger):
        assert judge(made, anchors, AT + timedelta(hours=1), with_log=False) == {}


def test_a_file_that_is_none_is_one_finding(next_day: datetime) -> None:
    assert product(b"", [], next_day) == {"container": "evidence_container"}
    assert list(stranger(b"%PDF", [], next_day)) == ["container"]
    assert list(product(container_write(parts={}, about={}), [], next_day)) == ["document"]
