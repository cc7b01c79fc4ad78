"""Code tables come as files: tried first, then taken in (B-3.1, B-15.1)."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Agency, BankBranch
from agencies.services import banks as bank_tables
from tests.agencies.conftest import CABINET
from tests.agencies.pages.world import logged_in
from tests.factories import statements
from treasury.core.models import History
from treasury.ledger.models import BudgetLine, FiscalYear

pytestmark = pytest.mark.usefixtures("agencies")
HEAD = ",".join(bank_tables.COLUMNS)
BANKS = f"{HEAD}\n004,0059,臺灣銀行,公庫部,臺北市\n013,0017,國泰世華銀行,館前分行,\n"
BUDGET = (
    "account_code,account_name,level,agency_code,agency_name,amount_twd,gate\n"
    f"3203010100,一般行政,目,{CABINET},行政院,12000000,current\n"
)


def tried(url: str, text: str, name: str = "table.csv", **values: Any) -> Any:
    file = SimpleUploadedFile(name, text.encode(), "text/csv")
    return logged_in("treasury_admin").post(url, {"file": file, **values})


def take(url: str, page: Any) -> Any:
    """Presses the button of what was tried."""
    form = page.content.decode().partition('id="take"')[2].partition("</form>")[0]
    tags = re.findall(r"<input[^>]+>", form)
    named = {
        re.search(r'name="([^"]+)"', tag)[1]: (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]  # type: ignore[index]
        for tag in tags
    }
    named.pop("csrfmiddlewaretoken", None)
    return logged_in("treasury_admin").post(url, named)


def test_a_try_shows_what_would_change_and_stores_nothing() -> None:
    BankBranch.objects.create(
        bank_code="0040059", institution_code="004", institution_name="臺灣銀行", branch_name="國庫部"
    )
    BankBranch.objects.create(bank_code="0050001", institution_code="005", institution_name="土銀", branch_name="總行")

    page = tried("/banks/upload/", BANKS)

    text = page.content.decode()
    assert "新增 1 筆" in text and "變更 1 筆" in text and "停用 1 筆" in text
    assert "國庫部" in text and "公庫部" in text
    assert set(BankBranch.objects.values_list("bank_code", "branch_name", "valid_to_on")) == {
        ("0040059", "國庫部", None),
        ("0050001", "總行", None),
    }
    assert not History.objects.filter(machine="bank_directory").exists()


def test_what_was_tried_is_taken_in_once_and_remembered() -> None:
    page = tried("/banks/upload/", BANKS, name="銀行.csv")

    answer = take("/banks/upload/", page)
    take("/banks/upload/", page)

    assert answer["Location"] == "/banks/"
    assert set(BankBranch.objects.values_list("bank_code", flat=True)) == {"0040059", "0130017"}
    act = History.objects.get(machine="bank_directory")
    assert (act.details["file"], act.details["created"]) == ("銀行.csv", 2)
    client = logged_in("clerk", CABINET)
    assert "館前分行" in client.get("/banks/?q=館前").content.decode()
    assert "國泰世華銀行" in client.get("/banks/0130017/").content.decode()
    assert client.get("/banks/9999999/").status_code == 404


def test_a_table_that_changed_since_the_try_is_tried_again() -> None:
    page = tried("/banks/upload/", BANKS)
    BankBranch.objects.create(bank_code="0040059", institution_code="004", institution_name="x", branch_name="y")

    answer = take("/banks/upload/", page)

    assert answer.status_code == 422 and "已經不是最新的" in answer.content.decode()
    assert BankBranch.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HEAD}\n004,00X9,臺灣銀行,公庫部,\n", "/lines/2|4 digits"),
        ("a,b\n1,2\n", "欄位不正確"),
        (f"{HEAD}\n", "lists no branch"),
        ("", "檔案"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text: str, says: str) -> None:
    page = tried("/banks/upload/", text)

    assert page.status_code == 422 and re.search(says, page.content.decode())
    assert not BankBranch.objects.exists()


def test_a_form_that_comes_back_changed_is_refused() -> None:
    values = {"name": "x.csv", "zipped": "no zip", "seen": "0" * 64, "submission": "k"}

    answer = logged_in("treasury_admin").post("/banks/upload/", values)

    assert answer.status_code == 422 and not BankBranch.objects.exists()


def test_a_budget_is_tried_and_taken_in() -> None:
    page = tried("/budget/upload/", BUDGET, fiscal_year="114")
    assert "新增 1 筆" in page.content.decode()
    assert not BudgetLine.objects.exists() and not FiscalYear.objects.exists()

    take("/budget/upload/", page)

    assert BudgetLine.objects.get().annual_twd == 12_000_000
    listed = logged_in("treasury_admin").get("/budget/?year=114&q=3203").content.decode()
    assert "一般行政" in listed and "12,000,000" in listed


def test_agencies_of_a_table_begin_to_prepare() -> None:
    text = "agency_code,name,kind\n0003010000,行政院,agency\n0099990000,新機關,school\n"

    take("/agencies/upload/", tried("/agencies/upload/", text))

    assert Agency.objects.get(code="0099990000").mode == "onboarding"
    assert Agency.objects.get(code=CABINET).mode == "live"


def test_an_agency_sees_its_own_budget_only(db: None) -> None:
    FiscalYear.objects.create(year=114, opened_at="2025-01-01T00:00:00+08:00")
    BudgetLine.objects.bulk_create(
        BudgetLine(
            fiscal_year=114,
            account_code=f"3203{number:06d}",
            account_name=f"科目{number}",
            level="目",
            agency_code=CABINET if number == 1 else "0061400000",
            agency_name="x",
            gate="current",
            annual_twd=1,
        )
        for number in range(60)
    )

    page = logged_in("clerk", CABINET).get("/budget/").content.decode()

    assert "科目1<" in page and "科目2<" not in page


@pytest.mark.parametrize("role", ["examiner", "payer", "supervisor", "auditor"])
def test_only_the_administrator_takes_tables_in(role: str) -> None:
    client = logged_in(role)

    for url in ("/banks/upload/", "/budget/upload/", "/agencies/upload/"):
        assert client.get(url).status_code == 403
        assert client.post(url, {"zipped": "x"}).status_code == 403


def test_the_directory_asks_as_often_for_many_as_for_few() -> None:
    client = logged_in("clerk", CABINET)
    few = statements(lambda: client.get("/banks/"))
    BankBranch.objects.bulk_create(
        BankBranch(bank_code=f"004{number:04d}", institution_code="004", institution_name="臺灣銀行", branch_name="x")
        for number in range(2000)
    )

    assert statements(lambda: client.get("/banks/")) == few
