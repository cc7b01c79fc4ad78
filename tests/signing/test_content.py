"""The signed content: head, body, and nothing else."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785

from signing import content as contents
from signing.refusals import Refused
from tests.signing.documents import NONCE, REF, document, voucher


def build(**given: Any) -> bytes:
    wanted: dict[str, Any] = {
        "document": document(),
        "capacity": "head",
        "nonce": NONCE,
        "statement_version": "certification/1",
    }
    return contents.content_build(**{**wanted, **given})


def test_it_is_the_canonical_object_of_everything_signed() -> None:
    content = build()

    expected = {**document(), "typ": "epay-voucher/1", "capacity": "head", "nonce": NONCE}
    expected["statement_version"] = "certification/1"
    assert content == rfc8785.dumps(expected)


def test_the_releaser_signs_the_earlier_signatures_too() -> None:
    content = build(capacity="releaser", earlier=[b"first", b"second"])

    head = contents.split(content).head
    assert head.earlier == (hashlib.sha256(b"first").hexdigest(), hashlib.sha256(b"second").hexdigest())


def test_it_comes_apart_into_head_and_voucher() -> None:
    parts = contents.split(build())

    assert parts.head.document_ref == REF
    assert parts.voucher() == voucher()
    assert contents.join(parts.head_bytes, parts.body) == build()
    assert contents.head_of(build()) == parts.head_bytes
    assert contents.is_content(build())


def test_a_body_made_before_gives_the_same_bytes() -> None:
    named = {key: value for key, value in document().items() if key != "voucher"}

    assert build(document=named, body=contents.body_build(voucher())) == build()


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"capacity": "clerk"}, "/capacity"),
        ({"capacity": "releaser"}, "/earlier"),
        ({"earlier": [b"first"]}, "/earlier"),
        ({"nonce": "short"}, "/nonce"),
        ({"typ": "other/1"}, "/typ"),
        ({"statement_version": ""}, "/statement_version"),
        ({"document": document(revision=0)}, "/revision"),
        ({"document": document(revision=True)}, "/revision"),
        ({"document": document(fiscal_year="114")}, "/fiscal_year"),
        ({"document": document(number="P 1")}, "/number"),
        ({"document": document(agency_code=3)}, "/agency_code"),
        ({"document": document(extra=1)}, ""),
    ],
)
def test_it_is_not_built_with_a_wrong_field(given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        build(**given)

    assert (refused.value.code, refused.value.path) == ("content_wrong", path)


def altered(**changes: Any) -> bytes:
    value = {**json.loads(build()), **changes}
    return rfc8785.dumps({key: item for key, item in value.items() if item is not None})


@pytest.mark.threat("content-unknown-keys", "content-not-canonical")
@pytest.mark.parametrize(
    "content",
    [
        altered(capacity="clerk"),
        altered(nonce=None),
        altered(unknown=1),
        altered(zzz=1),
        altered(voucher=[1]),
        altered(voucher="x"),
        altered(earlier=["ab"]),
        build().replace(b'"revision":1', b'"revision":1.0'),
        build().replace(b'"revision":1', b'"revision": 1'),
        build()[:-1],
        build() + b"\n",
        build().replace(b'{"agency_code"', b'{"agency_code":"0","agency_code"'),
        build().replace(b'"voucher":{', b'"voucher":{"a":1,"a":1,', 1),
        build()[:-1] + b',"voucher":{}}',
        b'["x","voucher":{}}',
        b"[]",
        b"",
        b"{" * 3000,
    ],
)
def test_bytes_that_are_not_exactly_a_content_are_refused(content: bytes) -> None:
    assert not contents.is_content(content)


def test_a_head_must_be_an_object() -> None:
    with pytest.raises(Refused):
        contents.head_read(b"[1]")


def test_a_voucher_of_twenty_thousand_payees_is_one_content() -> None:
    content = build(document=document(payees=20_000))

    assert len(content) > 3_000_000
    assert len(contents.split(content).voucher()["payee_lines"]) == 20_000
