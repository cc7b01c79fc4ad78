"""The catalogue as a whole: clean vouchers, order, stages, short circuit, and what a finding carries."""

from pathlib import Path

import pytest

from tests.vouchers import examples
from tests.vouchers.worlds import entry_world, examination_world
from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules import (
    ARTICLES,
    CATALOGUE,
    Stage,
    check_entry,
    check_examination,
    document,
    reasons,
    rules_of,
)

RULES_DOCUMENT = Path(__file__).parents[3] / "docs" / "rules.md"
EXAMPLES = [
    examples.remittance,
    examples.entrusted,
    examples.cheque,
    examples.foreign_currency,
    examples.advance,
    examples.transfer,
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_clean_voucher_has_no_finding(example: object) -> None:
    content = example()  # type: ignore[operator]

    assert examples.at_entry(content) == []
    assert examples.at_examination(content) == []


def test_every_finding_counts_in_the_order_of_the_catalogue() -> None:
    faults = {
        "/issue_date": "2025-03-11",
        "/total_twd": 10_000,
        "/network": None,
        "/payee_lines/0/bank_code": "9990000",
    }

    found = examples.at_entry(examples.remittance(), faults)

    order = [rule.requirement for rule in CATALOGUE]
    assert sorted(found, key=lambda finding: order.index(finding[0])) == found
    assert {reason for _, reason, _ in found} == {"R04", "R05", "R10"}
    assert len(found) == 6


def test_a_closed_year_stands_alone() -> None:
    faults = {"/issue_date": "2025-03-11", "/total_twd": 1}

    found = examples.at_entry(examples.remittance(), faults, year_is_open=False, number_taken=True)

    assert found == [("B-24.6", "R06", "/carry_over_ref")]


def test_a_carried_over_voucher_of_a_closed_year_is_judged_like_any_other() -> None:
    content = examples.changed(examples.remittance(), {"/carry_over_ref": "保留113-01"})

    assert examples.at_entry(content, year_is_open=False) == []
    assert examples.at_entry(content, {"/network": None}, year_is_open=False) == [("B-9.10", "R04", "/network")]


def test_a_transfer_is_bound_by_nothing_that_is_for_payments() -> None:
    content = examples.changed(
        examples.transfer(),
        {"/total_twd": 100, "/account_lines/0/amount_twd": 100, "/account_lines/1/amount_twd": 100},
    )

    assert examples.at_entry(content) == []


def test_paths_point_from_the_file_when_the_voucher_stands_in_one() -> None:
    content = examples.changed(examples.remittance(), {"/payee_lines/0/id": ...})
    facts = VoucherFacts.from_content(content, agency_code="0003010000", fiscal_year=114, index=3)

    (finding,) = check_entry(facts, entry_world())

    assert finding.path == "/vouchers/3/payee_lines/0/id"


def test_a_finding_speaks_both_languages() -> None:
    facts = examples.facts_of(examples.changed(examples.remittance(), {"/issue_date": "2025-03-11"}))

    (finding,) = check_entry(facts, entry_world())

    assert finding.as_dict() == {
        "rule": "B-24.4",
        "reason": "R04",
        "path": "/issue_date",
        "message": "開立日期114/03/11晚於今日114/03/10",
    }
    assert finding.as_dict("en")["message"] == "issued on 114/03/11, which is after 114/03/10"
    assert (finding.remedy_zh, finding.remedy_en) == ("更正開立日期", "Correct the issue date")


def test_reasons_are_marked_once_and_sorted() -> None:
    content = examples.changed(examples.cheque(), {"/cheque": ...})

    findings = check_entry(examples.facts_of(content), entry_world())

    assert reasons(findings) == "R03;R10"
    assert reasons(check_examination(examples.facts_of(content), examination_world())) == ""


def test_every_rule_is_in_the_catalogue_once_and_says_everything() -> None:
    assert len({rule.name for rule in CATALOGUE}) == len(CATALOGUE) == sum(len(rules_of(one)) for one in ARTICLES)
    for rule in CATALOGUE:
        assert rule.find.__doc__
        assert all((*rule.title, *rule.remedy)), rule.name
    # R07 is the agency asking for the voucher back, R11 is the examiner's own words.
    assert {rule.reason for rule in CATALOGUE} == set(Reason) - {Reason.R07, Reason.R11}
    assert {rule.stage for rule in CATALOGUE} == set(Stage)


def test_every_article_module_is_in_the_catalogue() -> None:
    folder = Path(examples.__file__).parents[2] / "vouchers" / "rules"

    modules = {path.stem for path in folder.glob("[a-c][0-9][0-9]_*.py")}

    assert modules == {article.__name__.rpartition(".")[2] for article in ARTICLES}


def test_the_document_is_up_to_date() -> None:
    assert RULES_DOCUMENT.read_text("utf-8") == document()
