"""B-31 and B-32.0: an advance and its case."""

import pytest

from tests.vouchers import examples
from tests.vouchers.worlds import Case, examination_world
from vouchers.rules import check_examination


def test_an_advance_has_a_case_of_its_agency() -> None:
    assert examples.at_examination(examples.advance(), case=None) == [("B-31", "R02", "/advance_case")]


@pytest.mark.parametrize(("left_twd", "is_found"), [(30_000, False), (29_999, True), (0, True)])
def test_exactly_what_is_left_is_allowed(left_twd: int, is_found: bool) -> None:
    found = examples.at_examination(examples.advance(), case=Case(left_twd))

    assert found == ([("B-32.0", "R01", "/total_twd")] if is_found else [])


@pytest.mark.parametrize(("case_no", "shown"), [("ADV114-004", "ADV114-004"), (..., "－")])
def test_the_case_that_is_not_known_is_named(case_no: object, shown: str) -> None:
    facts = examples.facts_of(examples.changed(examples.advance(), {"/advance_case": case_no}))

    (finding,) = check_examination(facts, examination_world(case=None))

    assert finding.message_zh == f"無墊付案{shown}"


def test_other_payments_need_no_case() -> None:
    assert examples.at_examination(examples.remittance(), case=None) == []
