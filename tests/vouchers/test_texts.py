"""No free text of the schema escapes the rules on characters."""

from collections.abc import Iterator
from typing import Any

from tests.vouchers import examples
from vouchers.facts import VoucherFacts
from vouchers.schema import SCHEMA
from vouchers.texts import all_text, texts_of

FIXED = {"pattern", "format", "enum", "const"}


def filled(schema: dict[str, Any], path: str, texts: dict[str, str]) -> Any:
    """A value with every property of the schema, its free texts noted under their paths."""
    if "$ref" in schema:
        return filled(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path, texts)
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    match kinds[0]:
        case "object":
            return {key: filled(value, f"{path}/{key}", texts) for key, value in schema["properties"].items()}
        case "array":
            return [filled(schema["items"], f"{path}/{index}", texts) for index in range(2)]
        case "integer":
            return 1
        case "boolean":
            return True
    if FIXED & schema.keys():
        return {"date": "2025-03-10", "date-time": "2025-03-10T09:00:00Z"}.get(schema.get("format", ""), "0" * 7)
    texts[path] = f"文字 {path}"
    return texts[path]


def test_every_free_text_is_among_the_texts() -> None:
    texts: dict[str, str] = {}
    content = filled(SCHEMA["$defs"]["voucher"], "", texts)
    facts = VoucherFacts.from_content(content, agency_code="0003010000", fiscal_year=114)

    found = list(texts_of(facts))

    # The voucher's number and the other patterns are of a fixed form.
    assert len(texts) > 30
    assert sorted(found) == sorted(texts.items())
    assert sorted(all_text(facts).split("\n")) == sorted(texts.values())


def test_absent_and_blank_texts_are_left_out() -> None:
    content = examples.changed(examples.remittance(), {"/notes/text": "\u3000", "/petty_cash_list_no": ""})

    paths = dict(_texts(content))

    assert set(paths) == {
        "/purpose",
        "/account_lines/0/account_code",
        "/payee_lines/0/name",
        "/payee_lines/0/id",
        "/payee_lines/0/account_name",
        "/payee_lines/0/source_documents/0/number",
    }


def test_a_blank_that_is_no_ordinary_one_is_a_text() -> None:
    # U+2000 is not in composed form: were it dropped, the signature would be refused instead of the voucher.
    content = examples.changed(examples.remittance(), {"/notes/text": "\u2000"})

    assert dict(_texts(content))["/notes/text"] == "\u2000"
    assert ("B-9.9", "R04", "/notes/text") in examples.at_entry(content)


def _texts(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return texts_of(examples.facts_of(content))
