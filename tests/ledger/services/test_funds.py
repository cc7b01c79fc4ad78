import pytest

from tests.ledger.world import CABINET, FUND, FUND_DEPOSITED_TWD, MUSEUM
from treasury.core.errors import Problem
from treasury.ledger import selectors
from treasury.ledger.models import Fund
from treasury.ledger.services import fund_open

pytestmark = pytest.mark.usefixtures("books")
NAME = "行政院公營事業民營化基金"


def test_it_begins_with_nothing() -> None:
    fund = fund_open(code="F02", name="藝術發展基金", agency_code=MUSEUM)

    assert str(fund) == "F02 藝術發展基金"
    assert selectors.fund_available(["F02", "F03"]) == {"F02": 0}


def test_opening_it_again_changes_nothing() -> None:
    fund_open(code=FUND, name=NAME, agency_code=CABINET)

    assert Fund.objects.count() == 1
    assert selectors.fund_available([FUND]) == {FUND: FUND_DEPOSITED_TWD}


@pytest.mark.parametrize(("name", "agency_code"), [("別的基金", CABINET), (NAME, MUSEUM)])
def test_a_code_belongs_to_one_fund(name: str, agency_code: str) -> None:
    with pytest.raises(Problem) as refused:
        fund_open(code=FUND, name=name, agency_code=agency_code)

    assert (refused.value.code, refused.value.status) == ("conflict", 409)


@pytest.mark.parametrize("code", ["", "F/1", "基金", "F" * 21])
def test_a_code_is_letters_and_digits(code: str) -> None:
    with pytest.raises(Problem) as refused:
        fund_open(code=code, name="基金", agency_code=CABINET)

    assert refused.value.code == "bad_fund_code"
