"""Every part of an evidence file, forged one at a time with the manifest made to fit: the product and the stand-alone
tool, which share no code, find each.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.signing import forge
from tests.signing.evidence.changes import cheque, edit, judged, logless, put
from tests.signing.evidence.workshop import (
    Change,
    Workshop,
    sha,
    world,
)


def told(how: Callable[[dict[str, Any]], Any]) -> Change:
    """A change of what the document says of the accountant's signature."""
    return edit("document.json", lambda value: how(value["signatures"][0]))


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
        edit("bank.json", lambda value: value["cheques"].append(cheque(101))),
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
