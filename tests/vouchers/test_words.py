"""Every code and field that the schema knows has a word, and findings point to fields in words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vouchers import words

SCHEMA = Path(__file__).resolve().parents[2] / "vouchers" / "schema" / "voucher-file.schema.json"
BLOCKS = json.loads(SCHEMA.read_text("utf-8"))["$defs"]

CODES = {
    "voucher/kind": words.KINDS,
    "voucher/gate": words.GATES,
    "voucher/nature": words.NATURES,
    "voucher/expense_class": words.EXPENSE_CLASSES,
    "voucher/method": words.METHODS,
    "voucher/network": words.NETWORKS,
    "voucher/channel": words.CHANNELS,
    "account_line/side": words.SIDES,
    "payee_line/kind": words.PAYEE_KINDS,
    "payee_line/id_type": words.IDENTIFIERS,
    "source_document/type": words.DOCUMENTS,
    "cheque/ground": words.CHEQUE_GROUNDS,
    "cheque/crossing": words.CROSSINGS,
    "collection_slip/collector_kind": words.COLLECTORS,
    "settlement/way": words.SETTLEMENT_WAYS,
}


def _enumerated() -> Iterator[tuple[str, set[str]]]:
    for block, schema in BLOCKS.items():
        for name, field in schema.get("properties", {}).items():
            if "enum" in field:
                yield f"{block}/{name}", set(field["enum"]) - {None}


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _names(inner)


def test_every_code_has_a_word_and_no_word_is_without_a_code() -> None:
    assert {place: set(known) for place, known in CODES.items()} == dict(_enumerated())


def test_every_field_has_a_word() -> None:
    missing = [name for name in _names(BLOCKS) if name not in words.FIELDS and name not in words.LISTS]

    assert missing == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", "憑單"),
        ("/issue_date", "製單日期"),
        ("/payee_lines/3/account_no", "受款人清單第 4 筆　帳號"),
        ("/vouchers/7/payee_lines/0/source_documents/1/number", "受款人清單第 1 筆　憑證第 2 筆　憑證號碼"),
        ("/account_lines/0/account_name", "科目清單第 1 筆　科目名稱"),
        ("/payee_lines/0/account_name", "受款人清單第 1 筆　戶名"),
        ("/originals/0/number", "原憑單第 1 筆　憑單編號"),
        ("/cheque/consent_ref", "支票事項　公庫同意文號"),
        ("/unheard_of", "unheard_of"),
    ],
)
def test_a_pointer_is_a_field_in_words(path: str, expected: str) -> None:
    assert words.field_words(path) == expected
