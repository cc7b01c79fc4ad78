"""Files that cannot be read: one problem object each, nothing stored, the others go on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.books import SAMPLE, Books, Ended, outcomes, table_arguments
from tests.journeys.days import FRIDAY, own_books

GOOD = (SAMPLE / "day1" / "0065100000.json").read_bytes()


def with_document(change: Callable[[dict[str, Any]], None]) -> bytes:
    document = json.loads(GOOD)
    change(document)
    return json.dumps(document).encode()


def first_total(written: bytes) -> bytes:
    total = json.loads(GOOD)["vouchers"][0]["total_twd"]
    return GOOD.replace(b'"total_twd": %d' % total, b'"total_twd": ' + written, 1)


def many(document: dict[str, Any]) -> None:
    document["vouchers"] = [document["vouchers"][0] | {"number": f"N{place}"} for place in range(5001)]


def at_first_voucher(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["vouchers"][0].update(fields)


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "not_json": (b"hello", "not_json", ""),
    "empty": (b"", "not_json", ""),
    "cut": (GOOD[:-200], "not_json", ""),
    "utf16": (GOOD.decode().encode("utf-16"), "not_utf8", ""),
    "list": (b"[]", "wrong_type", ""),
    "none": (with_document(lambda document: document.update(vouchers=[])), "too_few_items", "/vouchers"),
    "big5": (json.dumps(json.loads(GOOD), ensure_ascii=False).encode("big5", "replace"), "not_utf8", ""),
    "mark": (b"\xef\xbb\xbf" + GOOD, "byte_order_mark", ""),
    "twice": (
        GOOD.replace(b'"fiscal_year": 114', b'"fiscal_year": 114, "fiscal_year": 114'),
        "duplicate_key",
        "/fiscal_year",
    ),
    "float": (first_total(b"1000.0"), "number_not_whole", "/vouchers/0/total_twd"),
    "exponent": (first_total(b"3e4"), "number_not_whole", "/vouchers/0/total_twd"),
    "infinity": (first_total(b"-Infinity"), "number_not_whole", "/vouchers/0/total_twd"),
    "nan": (first_total(b"NaN"), "number_not_whole", "/vouchers/0/total_twd"),
    "long": (first_total(b"9" * 5000), "number_too_long", "/vouchers/0/total_twd"),
    "text": (first_total(b'"1000"'), "wrong_type", "/vouchers/0/total_twd"),
    "unknown": (with_document(lambda document: document.update(surprise=1)), "unknown_key", "/surprise"),
    "inside": (with_document(at_first_voucher(surprise=1)), "unknown_key", "/vouchers/0/surprise"),
    "many": (with_document(many), "too_many_items", "/vouchers"),
    "lists": (b"[" * 200_000, "nested_too_deeply", ""),
    "objects": (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested_too_deeply", ""),
    "date": (with_document(at_first_voucher(issue_date="2025-02-29")), "no_such_date", "/vouchers/0/issue_date"),
    "half": (with_document(at_first_voucher(purpose="\ud800費用")), "character_not_allowed", "/vouchers/0/purpose"),
    "nul": (with_document(at_first_voucher(purpose="費\0用")), "character_not_allowed", "/vouchers/0/purpose"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good file among the broken ones."""
    made = tmp_path_factory.mktemp("broken") / "day"
    made.mkdir()
    for name, (content, _, _) in BROKEN.items():
        (made / f"{name}.json").write_bytes(content)
    (made / "zz_good.json").write_bytes(GOOD)
    return made


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    with own_books("broken") as made:
        yield made


@pytest.fixture(scope="module")
def played(books: Books, folder: Path) -> Ended:
    return books.run_day(folder, FRIDAY, folder.parent / "out", *table_arguments(), "--json")


def problems_by_name(problems: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {Path(one["file"]).stem: (one["code"], one["path"]) for one in problems}


def test_a_broken_file_stops_no_other(played: Ended, folder: Path) -> None:
    rows = outcomes(folder.parent / "out" / "outcome.csv")
    told = [json.loads(line) for line in (folder.parent / "out" / "problems.jsonl").read_text("utf-8").splitlines()]

    assert played.code == 1
    assert {row[3] for row in rows} == {"paid"} and len(rows) == len(json.loads(GOOD)["vouchers"])
    assert problems_by_name(told) == problems_by_name(played.problems)
    assert problems_by_name(told) == {name: (code, path) for name, (_, code, path) in BROKEN.items()}


def test_nothing_of_a_broken_file_is_stored(played: Ended, books: Books) -> None:
    assert played.code == 1
    assert books.fetch("SELECT name FROM vouchers_intakefile") == [("zz_good.json",)]


def test_the_dry_run_says_the_same_and_stores_nothing(played: Ended, books: Books, folder: Path) -> None:
    before = books.value("SELECT count(*) FROM vouchers_intakeitem")
    files = [*sorted(folder.glob("*.json")), folder / "missing.json", folder]

    checked = books.manage("check_vouchers", *files, "--date", FRIDAY.isoformat(), "--json")

    assert checked.code == 2
    assert [line["findings"] for line in checked.lines] == [[]] * len(json.loads(GOOD)["vouchers"])
    assert {(one["code"], one["file"]) for one in checked.problems} == {
        *((code, str(folder / f"{name}.json")) for name, (_, code, _) in BROKEN.items()),
        ("file_unreadable", str(folder / "missing.json")),
        ("file_unreadable", str(folder)),
    }
    assert books.value("SELECT count(*) FROM vouchers_intakeitem") == before
