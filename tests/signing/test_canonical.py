"""Canonical bytes: those of RFC 8785, or a refusal."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.canonical import INTEGER_MAX, canonical, read
from signing.refusals import Refused

KEYS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
TEXT = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text.encode(errors="ignore").decode()))
LEAVES = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_it_writes_what_rfc_8785_says_and_reads_it_back(value: Any) -> None:
    data = canonical(value)

    assert data == rfc8785.dumps(value)
    assert read(data) == value


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"a": float("nan")},
        {"a": INTEGER_MAX + 1},
        [-INTEGER_MAX - 1],
        10**400,
        {1: "a"},
        {"a": (1, 2)},
        {"a": {1, 2}},
        "\ud800",
        "e\u0301",
        {"e\u0301": 1},
        {"鍵": "𠮷"},
    ],
)
def test_it_refuses_what_has_no_single_spelling(value: Any) -> None:
    with pytest.raises(Refused) as refused:
        canonical(value)

    assert refused.value.code == "content_not_canonical"


@pytest.mark.threat("nesting-deep")
def test_it_refuses_endless_nesting() -> None:
    value: list[Any] = []
    for _ in range(5000):
        value = [value]

    with pytest.raises(Refused):
        canonical(value)
    with pytest.raises(Refused):
        read(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.threat("content-not-canonical")
@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{ "a":1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"e\xcc\x81"}',
        b'{"a":"\\ud800"}',
        b'{"a":1}{"a":1}',
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b"",
    ],
)
def test_it_refuses_bytes_that_are_not_canonical(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read(data)

    assert refused.value.code == "content_not_canonical"


def test_a_mark_after_an_escape_is_no_denormalised_text() -> None:
    value = {"a": ["line\n\u0301"]}

    assert read(canonical(value)) == value


def test_it_says_where_the_denormalised_text_is() -> None:
    with pytest.raises(Refused) as refused:
        canonical({"payee_lines": [{"name": "cafe\u0301"}]})

    assert refused.value.path == "/payee_lines/0/name"


def test_rare_characters_are_welcome_in_values() -> None:
    value = {"name": "𠮷野家"}

    assert read(canonical(value)) == value == rfc8785_round(value)


def rfc8785_round(value: Any) -> Any:
    return read(rfc8785.dumps(value))
