"""The compiled schema says what `jsonschema` says, and refuses to start with a schema it does not understand."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from tests.vouchers import examples
from treasury.core.schemas import SchemaReader
from vouchers.schema import SCHEMA, Mismatch, check_voucher_file

REFERENCE = Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date"]))
VOUCHERS = [
    examples.remittance(),
    examples.entrusted(),
    examples.cheque(),
    examples.foreign_currency(),
    examples.advance(),
    examples.transfer(),
]
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-2, max_value=10**14),
    st.text(max_size=30),
    st.sampled_from(
        ["2025-03-10", "2025-02-30", "debit", "fisc", "0040107", "GBP", "1.50", "P-1", "current", "x" * 201, "a" * 64]
    ),
    st.lists(st.none(), max_size=2),
    st.dictionaries(st.sampled_from(["name", "amount_twd", "date"]), st.integers(), max_size=2),
)


@st.composite
def mutated_vouchers(draw: st.DrawFn) -> dict[str, Any]:
    """A file of one voucher in which one value somewhere is odd, one key is gone, or one is new."""
    voucher = draw(st.sampled_from(VOUCHERS))
    document = {"format": "epay-vouchers/1", "agency_code": "A", "fiscal_year": 114, "vouchers": [voucher]}
    document = examples.changed(document, {})
    places = list(_places(document))
    holder, key = draw(st.sampled_from(places))
    action = draw(st.sampled_from(["value", "remove", "add"]))
    if action == "value" or isinstance(holder, list):
        holder[key] = draw(ODD_VALUES)
    elif action == "remove":
        del holder[key]
    else:
        keys = [name for name in SCHEMA["$defs"]["voucher"]["properties"]] + ["unheard_of"]
        holder[draw(st.sampled_from(keys))] = draw(ODD_VALUES)
    return document


@settings(max_examples=200, deadline=None, derandomize=True)
@given(mutated_vouchers())
def test_it_agrees_with_the_reference(document: dict[str, Any]) -> None:
    errors = list(REFERENCE.iter_errors(document))
    paths = {"".join(f"/{step}" for step in error.absolute_path) for error in errors}

    try:
        check_voucher_file(document)
    except Mismatch as mismatch:
        assert errors, (mismatch.path, mismatch.detail)
        # A missing or unknown key is reported at the key; the reference reports the object around it.
        assert {mismatch.path, mismatch.path.rpartition("/")[0]} & paths
    else:
        assert not errors


def test_a_pattern_covers_the_whole_text() -> None:
    # The reference searches, and `$` would let a line break at the end pass.
    pattern = SCHEMA["$defs"]["bank_code"]["pattern"]

    assert re.search(pattern, "0040107\n")
    with pytest.raises(Mismatch):
        SchemaReader({}).read(SCHEMA["$defs"]["bank_code"])("0040107\n")


def test_every_pattern_of_the_schema_is_anchored() -> None:
    patterns = [node["pattern"] for node in _objects(SCHEMA) if "pattern" in node]

    assert patterns
    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in patterns)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "contentEncoding": "base64"},
        {"type": "number"},
        {"type": "integer", "multipleOf": 2},
        {"enum": ["a"], "type": "string"},
        {"$ref": "#/$defs/date", "minLength": 2},
        {"type": "object", "properties": {}, "additionalProperties": True},
    ],
)
def test_a_schema_that_is_not_understood_is_no_schema(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the schema"):
        SchemaReader(SCHEMA["$defs"]).read(schema)


def _places(node: Any) -> Any:
    """Every holder and key of the document, whole vouchers excepted."""
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _objects(node: Any) -> Any:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _objects(value)
