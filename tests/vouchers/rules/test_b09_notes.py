"""B-9.12: business numbers, source documents, petty amounts, first pensions."""

from typing import Any

import pytest

from tests.vouchers import examples

LINE = "/payee_lines/0"
DOCUMENT = f"{LINE}/source_documents/0"


def paying(changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is found when the payee of a clean remittance is changed."""
    return examples.at_entry(examples.remittance(), {f"{LINE}/{key}": value for key, value in changes.items()})


@pytest.mark.parametrize("kind", [..., "business", "public_enterprise"])
@pytest.mark.parametrize("field", ["id", "id_type"])
def test_a_business_payee_has_its_number(kind: Any, field: str) -> None:
    kinds = {} if kind is ... else {"kind": kind}

    assert paying(kinds) == []
    assert paying(kinds | {field: ...}) == [("B-9.12.1", "R08", f"{LINE}/{field}")]


def test_a_blank_number_is_none() -> None:
    assert paying({"id": " "}) == [("B-9.12.1", "R08", f"{LINE}/id")]


def test_an_individual_has_an_id() -> None:
    person = {"/payee_lines/0": examples.person()}

    assert examples.at_entry(examples.remittance(), person) == []
    assert examples.at_entry(examples.remittance(), person | {f"{LINE}/id": ...}) == [("B-9.12.1", "R10", f"{LINE}/id")]
    assert examples.at_entry(examples.remittance(), person | {f"{LINE}/id_type": ...}) == []


@pytest.mark.parametrize("kind", ["government", "agency_special_account", "bank", "treasury_deposit"])
def test_other_payees_need_neither_number_nor_document(kind: str) -> None:
    assert paying({"kind": kind, "id": ..., "id_type": ..., "source_documents": ...}) == []


@pytest.mark.parametrize(
    ("id_type", "number", "is_valid"),
    [
        ("ubn", "04595257", True),
        ("ubn", "04595252", True),
        ("ubn", "04595258", False),
        ("ubn", "A123456789", False),
        ("national_id", "A123456789", True),
        ("national_id", "A123456788", False),
        ("national_id", "A800000014", False),
        ("resident_id", "A800000014", True),
        ("resident_id", "A800000015", False),
        ("passport", "whatever", True),
    ],
)
@pytest.mark.parametrize("kind", ["business", "government", "bank"])
def test_a_number_given_with_its_type_checks(kind: str, id_type: str, number: str, is_valid: bool) -> None:
    found = paying({"kind": kind, "id_type": id_type, "id": number})

    assert found == ([] if is_valid else [("B-9.12.1", "R04", f"{LINE}/id")])


@pytest.mark.parametrize(
    ("documents", "path"),
    [
        (..., ""),
        ([], ""),
        ([{"type": "invoice", "date": "2025-03-05"}], "/0/number"),
        ([{"type": "invoice", "number": "", "date": "2025-03-05"}], "/0/number"),
        ([{"type": "invoice", "number": "AB12345678"}], "/0/date"),
        ([{"type": "plain_receipt"}], "/0/date"),
        ([{"type": "plain_receipt", "date": "2025-03-05"}, {"type": "individual_receipt"}], "/1/date"),
    ],
)
@pytest.mark.parametrize("example", [examples.remittance, examples.cheque])
def test_a_business_payee_has_dated_documents(example: Any, documents: Any, path: str) -> None:
    payee = {
        LINE: {
            key: value for key, value in examples.firm().items() if documents is not ... or key != "source_documents"
        }
    }
    changes = payee if documents is ... else payee | {f"{LINE}/source_documents": documents}

    assert examples.at_entry(example(), changes) == [("B-9.12.1", "R08", f"{LINE}/source_documents{path}")]


def test_a_plain_receipt_needs_no_number() -> None:
    assert paying({"source_documents": [{"type": "plain_receipt", "date": "2025-03-05"}]}) == []


@pytest.mark.parametrize("number", ["AB1234567", "AB123456789", "ab12345678", "AB-12345678", "1234567890"])
def test_an_invoice_number_has_its_form(number: str) -> None:
    found = examples.at_entry(
        examples.remittance(), {DOCUMENT: {"type": "invoice", "number": number, "date": "2025-03-05"}}
    )

    assert found == [("B-9.12.1", "R04", f"{DOCUMENT}/number")]


@pytest.mark.parametrize(
    ("total_twd", "changes", "is_found"),
    [
        (10_001, {}, False),
        (10_000, {}, True),
        (10_000, {"/notes/petty_exception_reason": "零用金不足"}, False),
        (10_000, {"/notes/petty_exception_reason": "\u3000"}, True),
        (10_000, {"/notes/text": "其他"}, True),
        (
            10_000,
            {"/nature": "petty_cash_replenishment", "/purpose": "撥還零用金", "/petty_cash_list_no": "1"},
            False,
        ),
        (10_000, {"/nature": "fixed_petty_cash"}, False),
        (10_000, {"/nature": "refund"}, False),
        (10_000, {"/nature": "prepaid"}, True),
        (1, {}, True),
    ],
)
def test_a_petty_amount_gives_its_reason(total_twd: int, changes: dict[str, Any], is_found: bool) -> None:
    amounts = {
        "/total_twd": total_twd,
        "/account_lines/0/amount_twd": total_twd,
        f"{LINE}/amount_twd": total_twd,
    }

    found = examples.at_entry(examples.remittance(), amounts | changes)

    assert found == ([("B-9.12.2", "R10", "/notes/petty_exception_reason")] if is_found else [])


def test_the_petty_amount_is_a_parameter() -> None:
    found = examples.at_entry(examples.remittance(), petty_amount_twd=30_000)

    assert found == [("B-9.12.2", "R10", "/notes/petty_exception_reason")]


@pytest.mark.parametrize(
    ("pension", "missing"),
    [
        ({"approval_doc_no": "部退字第1號", "retirement_date": "2025-03-01"}, []),
        ({"retirement_date": "2025-03-01"}, ["approval_doc_no"]),
        ({"approval_doc_no": "部退字第1號"}, ["retirement_date"]),
        ({}, ["approval_doc_no", "retirement_date"]),
    ],
)
def test_a_first_pension_is_documented(pension: dict[str, str], missing: list[str]) -> None:
    found = paying({"is_first_pension": True, "first_pension": pension})

    assert found == [("B-9.12.3", "R10", f"{LINE}/first_pension/{field}") for field in missing]


def test_a_later_pension_needs_no_document() -> None:
    assert paying({"is_first_pension": False, "first_pension": {}}) == []
