"""Voucher files are read whole or not at all, and the place of the first fault is named."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.vouchers import examples
from treasury.core.errors import Problem
from vouchers.files import file_name, read_bytes, read_voucher, read_voucher_file

SAMPLE = Path(__file__).parents[1] / "sample_day"


def file_of(*vouchers: Any, **head: Any) -> bytes:
    """The bytes of a file of these vouchers."""
    document = {"format": "epay-vouchers/1", "agency_code": "0003010000", "fiscal_year": 114, "vouchers": vouchers}
    return json.dumps(document | head, ensure_ascii=False).encode()


def written(text: str) -> bytes:
    """A file whose single voucher is a clean one with some text in the place of its total."""
    return file_of(examples.remittance() | {"total_twd": "PLACE"}).replace(b'"PLACE"', text.encode())


def refused(data: bytes) -> tuple[str, str]:
    """Code and path of the problem that a file gives."""
    with pytest.raises(Problem) as caught:
        read_voucher_file(data, "0003010000.json")
    assert caught.value.file == "0003010000.json"
    assert caught.value.detail
    return caught.value.code, caught.value.path


def test_a_file_is_read_as_written() -> None:
    data = file_of(examples.remittance(), examples.transfer())

    file = read_voucher_file(data, "0003010000.json")

    assert (file.name, file.agency_code, file.fiscal_year) == ("0003010000.json", "0003010000", 114)
    assert file.vouchers == (examples.remittance(), examples.transfer())
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_every_file_of_the_sample_is_readable() -> None:
    paths = sorted(SAMPLE.glob("day*/*.json"))

    files = [read_voucher_file(path.read_bytes(), path.name) for path in paths]

    assert sum(len(file.vouchers) for file in files) == 304


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"vouchers", "not_json"),
        (b'{"format": "epay-vouchers/1",}', "not_json"),
        (b"{} {}", "not_json"),
        (file_of(examples.remittance())[:-1], "not_json"),
        (b'{"format": "a\tb"}', "not_json"),
        (b"\xef\xbb\xbf" + file_of(examples.remittance()), "byte_order_mark"),
        (file_of(examples.remittance()).decode().encode("utf-16"), "not_utf8"),
        (file_of(examples.remittance()).decode().encode("big5"), "not_utf8"),
        (b'{"format": "\xed\xa0\x80"}', "not_utf8"),
        (b"[" * 100_000, "nested_too_deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested_too_deeply"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested_too_deeply"),
        (b" " * (64 * 1024 * 1024 + 1), "file_too_large"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_readable_json_is_refused_as_a_whole(data: bytes, code: str) -> None:
    assert refused(data) == (code, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30000.0", "number_not_whole"),
        ("3e4", "number_not_whole"),
        ("1e400", "number_not_whole"),
        ("NaN", "number_not_whole"),
        ("Infinity", "number_not_whole"),
        ("-Infinity", "number_not_whole"),
        ("9" * 17, "number_too_long"),
        ("9" * 100_000, "number_too_long"),
        ("10000000000000", "number_too_large"),
        ("0", "number_too_small"),
        ("-1", "number_too_small"),
        ("true", "wrong_type"),
        ('"30000"', "wrong_type"),
        ("null", "wrong_type"),
        ("[" * 500 + "]" * 500, "wrong_type"),
        (r'"\ud800"', "character_not_allowed"),
        (r'"\u0000"', "character_not_allowed"),
    ],
    ids=lambda value: value[:20],
)
def test_an_amount_is_a_whole_number(text: str, code: str) -> None:
    assert refused(written(text)) == (code, "/vouchers/0/total_twd")


@pytest.mark.parametrize("character", [r"\ud800", r"\udfff", r"\uDC00\uD800", r"\u0000", r"\u0007", r"\u001F"])
def test_a_character_that_cannot_be_stored_is_refused(character: str) -> None:
    data = file_of(examples.remittance() | {"purpose": "PLACE"}).replace(b"PLACE", character.encode())

    assert refused(data) == ("character_not_allowed", "/vouchers/0/purpose")


def test_a_key_that_cannot_be_stored_is_refused() -> None:
    assert refused(rb'{"format": {"\ud83d": 1}}') == ("character_not_allowed", "/format")
    assert refused(rb'{"\ud83d/": 1, "a": "\u0000"}') == ("character_not_allowed", "")
    assert refused(rb'{"format": "x", "\ud83d": 1.5}') == ("number_not_whole", "/?")


@pytest.mark.parametrize("escaped", [r"\u6668\u66e6", r"\ud842\udfb7\u91ce", r"line\nbreak\ttab"])
def test_other_escapes_are_read(escaped: str) -> None:
    data = file_of(examples.remittance() | {"purpose": "PLACE"}).replace(b"PLACE", escaped.encode())

    assert read_voucher_file(data, "a.json").vouchers[0]["purpose"] == json.loads(f'"{escaped}"')


def test_a_key_may_not_stand_twice() -> None:
    data = written("30000").replace(b'"amount_twd": 30000', b'"amount_twd": 1, "amount_twd": 30000', 1)

    assert refused(data) == ("duplicate_key", "/vouchers/0/account_lines/0/amount_twd")
    assert refused(b'{"a/b~": 1, "c": 2, "a/b~": 1}') == ("duplicate_key", "/a~1b~0")


def test_the_first_fault_of_the_document_is_reported() -> None:
    data = b'{"a": [1, {"b": {"c": 1.5, "c": 2}}], "d": NaN}'

    assert refused(data) == ("duplicate_key", "/a/1/b/c")


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"/colour": "red"}, "unknown_key", "/colour"),
        ({"/payee_lines/0/nickname": "a"}, "unknown_key", "/payee_lines/0/nickname"),
        ({"/notes/a~1b": "a"}, "unknown_key", "/notes/a~01b"),
        ({"/number": ...}, "missing_key", "/number"),
        ({"/account_lines": []}, "too_few_items", "/account_lines"),
        ({"/issue_date": "2025-02-29"}, "no_such_date", "/issue_date"),
        ({"/issue_date": "2025-13-01"}, "no_such_date", "/issue_date"),
        ({"/issue_date": "0000-01-01"}, "no_such_date", "/issue_date"),
        ({"/issue_date": "20250310"}, "text_not_in_form", "/issue_date"),
        ({"/issue_date": "2025-W11-1"}, "text_not_in_form", "/issue_date"),
        ({"/issue_date": "2025-3-10"}, "text_not_in_form", "/issue_date"),
        ({"/issue_date": "２０２５-03-10"}, "text_not_in_form", "/issue_date"),
        ({"/issue_date": "2025-03-10\n"}, "text_not_in_form", "/issue_date"),
        (
            {"/payee_lines/0/source_documents/0/date": "2025-04-31"},
            "no_such_date",
            "/payee_lines/0/source_documents/0/date",
        ),
        ({"/number": "p-1"}, "text_not_in_form", "/number"),
        ({"/number": "P-1\n"}, "text_not_in_form", "/number"),
        ({"/number": ""}, "text_not_in_form", "/number"),
        ({"/purpose": "一"}, "text_too_short", "/purpose"),
        ({"/purpose": "一" * 201}, "text_too_long", "/purpose"),
        ({"/payee_lines/0/kind": "stranger"}, "value_not_allowed", "/payee_lines/0/kind"),
        ({"/payee_lines/0/kind": ["business"]}, "value_not_allowed", "/payee_lines/0/kind"),
        ({"/payee_lines/0/kind": None}, "value_not_allowed", "/payee_lines/0/kind"),
        ({"/payee_lines/0/is_forwarder": 1}, "wrong_type", "/payee_lines/0/is_forwarder"),
        ({"/payee_lines/0/name": None}, "wrong_type", "/payee_lines/0/name"),
        ({"/entrusted/roster/delivered_at": "2025-03-10"}, "text_not_in_form", "/entrusted/roster/delivered_at"),
        ({"/entrusted/roster/delivered_at": "2025-03-32T00:00:00Z"}, "no_such_date", "/entrusted/roster/delivered_at"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(changes: dict[str, Any], code: str, path: str) -> None:
    data = file_of(examples.transfer(), examples.changed(examples.remittance(), changes))

    assert refused(data) == (code, f"/vouchers/1{path}")


@pytest.mark.parametrize(
    ("head", "code", "path"),
    [
        ({"format": "epay-vouchers/2"}, "value_not_allowed", "/format"),
        ({"fiscal_year": 89}, "number_too_small", "/fiscal_year"),
        ({"fiscal_year": 201}, "number_too_large", "/fiscal_year"),
        ({"fiscal_year": True}, "wrong_type", "/fiscal_year"),
        ({"agency_code": ""}, "text_too_short", "/agency_code"),
        ({"sender": "me"}, "unknown_key", "/sender"),
        ({"vouchers": []}, "too_few_items", "/vouchers"),
        ({"vouchers": {}}, "wrong_type", "/vouchers"),
    ],
)
def test_the_head_of_a_file_is_checked(head: dict[str, Any], code: str, path: str) -> None:
    assert refused(file_of(examples.remittance(), **head)) == (code, path)


def test_5_000_vouchers_are_a_file_and_5_001_are_none() -> None:
    assert len(read_voucher_file(file_of(*[examples.transfer()] * 5_000), "a.json").vouchers) == 5_000
    assert refused(file_of(*[examples.transfer()] * 5_001)) == ("too_many_items", "/vouchers")


def test_null_is_a_value_where_the_schema_says_so() -> None:
    content = examples.changed(examples.remittance(), {"/network": None, "/account_lines/0/fund_code": None})

    assert read_voucher(content) is content


def test_one_voucher_object_is_read_like_one_of_a_file() -> None:
    with pytest.raises(Problem) as unknown:
        read_voucher(examples.remittance() | {"colour": "red"})
    with pytest.raises(Problem) as surrogate:
        read_voucher(examples.remittance() | {"purpose": "a\ud800"})
    with pytest.raises(Problem) as fraction:
        read_voucher(examples.remittance() | {"total_twd": 30_000.0})

    assert (unknown.value.code, unknown.value.path) == ("unknown_key", "/colour")
    assert (surrogate.value.code, surrogate.value.path) == ("character_not_allowed", "/purpose")
    assert (fraction.value.code, fraction.value.path) == ("wrong_type", "/total_twd")


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")

    assert read_bytes(tmp_path / "a.json") == b"{}"
    with pytest.raises(Problem) as caught:
        read_bytes(tmp_path / "b.json")
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_regular_file_is_a_problem_and_nobody_waits_for_it(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    make(tmp_path / "a.json")

    with pytest.raises(Problem) as caught:
        read_bytes(tmp_path / "a.json")

    assert (caught.value.code, caught.value.detail) == ("file_unreadable", "is no regular file")


def test_20_000_payees_are_read_in_a_breath() -> None:
    data = file_of(examples.remittance() | {"payee_lines": [examples.firm()] * 20_000})

    started = time.perf_counter()
    read_voucher_file(data, "a.json")

    # A third of a second where this was written; the bound only catches a reader that has become slow.
    assert time.perf_counter() - started < 8


def test_a_name_in_another_encoding_can_be_told() -> None:
    name = file_name(Path("in", os.fsdecode("憑單.json".encode("big5"))))

    assert name.encode().startswith(b"in/")
    assert name.endswith(".json")
    assert file_name("憑單.json") == "憑單.json"
