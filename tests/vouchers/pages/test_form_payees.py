"""Long payee lists: a grid by pages, rows from a spreadsheet looked at first, thousands of them without harm."""

import io
import zipfile
from typing import Any

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import Desk, many_payees
from tests.vouchers.pages.clerk import FormPage
from tests.vouchers.pages.conftest import Login
from treasury.core.errors import Problem
from vouchers.pages.form_payees import read_table
from vouchers.pages.form_reading import read_fields
from vouchers.spreadsheets import UNPACKED_MAX_BYTES, sheet_rows

NEW = "/vouchers/new/"
TITLES = ["受款人", "證號類別", "證號", "銀行代號", "帳號", "戶名", "金額", "憑證類別", "憑證號碼", "憑證日期"]
FIRM = ["晨曦文具有限公司", "統一編號", "04595257", "0130017", "012345678901", "晨曦文具有限公司", "30,000", "統一發票"]
ROW = [*FIRM, "AB12345678", "114/3/5"]


def _pasted(*rows: list[str]) -> str:
    return "\r\n".join("\t".join(row) for row in rows)


def _page(login: Login, **values: str) -> FormPage:
    page = FormPage(login("clerk"), NEW)
    page.press("save", {"purpose": "補助"} | values)
    return page


def _look(page: FormPage, **sent: Any) -> Any:
    address = f"/vouchers/drafts/{page.draft.pk}/payees/"
    return page.client.post(address, {"action": "look"} | sent, follow=True)


def _take(page: FormPage, action: str) -> Any:
    draft = page.draft
    return page.client.post(f"/vouchers/drafts/{draft.pk}/payees/", {"action": action, "version": str(draft.version)})


def test_rows_with_titles_become_payee_lines(desk: Desk, login: Login) -> None:
    page = _page(login)

    looked = _look(page, paste=_pasted(TITLES, ROW))
    assert len(looked.context["table"].lines) == 1
    assert "payee_lines" not in page.draft.fields
    _take(page, "replace")

    line = read_fields(page.draft.fields).content["payee_lines"][0]
    assert line["id_type"] == "ubn"
    assert line["amount_twd"] == 30_000
    assert line["source_documents"] == [{"type": "invoice", "number": "AB12345678", "date": "2025-03-05"}]


def test_rows_without_titles_stand_as_in_the_grid() -> None:
    table = read_table([["林小美", "自然人", "身分證字號", "A123456789", "0130017", "543210987654", "林小美", "1000"]])

    assert table.lines[0] == {
        "name": "林小美",
        "kind": "individual",
        "id_type": "national_id",
        "id": "A123456789",
        "bank_code": "0130017",
        "account_no": "543210987654",
        "account_name": "林小美",
        "amount_twd": "1,000",
    }


def test_a_cell_that_cannot_be_read_is_named_by_row_column_value_and_reason(desk: Desk, login: Login) -> None:
    wrong = [*ROW[:3], "13-17", ROW[4], ROW[5], "三萬", *ROW[7:]]

    looked = _look(_page(login), paste=_pasted(TITLES, ROW, wrong))

    faults = [(one.row, one.column, one.value) for one in looked.context["faults"]]
    assert faults == [(2, "銀行代號", "13-17"), (2, "金額", "三萬")]
    assert "不是整數金額" in looked.context["faults"][1].reason


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "no_rows"),
        ([TITLES], "no_rows"),
        ([["受款人", "金額", "備註"], ["甲", "1", "x"]], "unknown_column"),
        ([["受款人", "金額", "金額"], ["甲", "1", "1"]], "column_twice"),
        ([[str(number) for number in range(15)]], "unknown_column"),
    ],
)
def test_a_table_that_nobody_understands_is_refused(desk: Desk, rows: list[list[str]], code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_table(rows)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["csv", "ods", "xlsx"])
def test_a_spreadsheet_is_uploaded(desk: Desk, login: Login, kind: str) -> None:
    data = tablib.Dataset(ROW, headers=TITLES).export(kind)
    raw = data.encode("utf-8-sig") if isinstance(data, str) else data
    page = _page(login)

    looked = _look(page, file=SimpleUploadedFile(f"payees.{kind}", raw))

    assert looked.context["fault_count"] == 0
    assert looked.context["table"].lines[0]["bank_code"] == "0130017"


@pytest.mark.parametrize(
    ("name", "data"), [("payees.pdf", b"x"), ("payees.xlsx", b"no workbook"), ("payees.ods", b"x")]
)
def test_a_file_that_is_no_spreadsheet_is_refused_in_words(desk: Desk, login: Login, name: str, data: bytes) -> None:
    looked = _look(_page(login), file=SimpleUploadedFile(name, data))

    assert looked.status_code == 422
    assert looked.context["errors"]


def test_rows_are_added_or_take_the_place_of_those_there_or_are_dropped(desk: Desk, login: Login) -> None:
    page = _page(login, **{"payee_lines.0.name": "原有"})
    names = {}
    for action in ("append", "drop", "replace"):
        _look(page, paste=_pasted(TITLES, ROW))
        _take(page, action)
        names[action] = [line["name"] for line in page.draft.fields["payee_lines"]]

    firm = "晨曦文具有限公司"
    assert names == {"append": ["原有", firm], "drop": ["原有", firm], "replace": [firm]}
    assert _take(page, "append").status_code == 409


def test_more_than_20_payees_stand_in_a_grid_of_50_and_each_page_keeps_the_others(desk: Desk, login: Login) -> None:
    page = _page(login)
    rows = [[f"受款人{number:03d}", "自然人", "", "", "0130017", f"{number:08d}", "", "100"] for number in range(120)]
    _look(page, paste=_pasted(*rows))
    _take(page, "replace")
    page.load(f"/vouchers/drafts/{page.draft.pk}/")
    assert "payee_lines.49.name" in page.values
    assert "payee_lines.50.name" not in page.values

    page.press("go:payee_lines:100", {"payee_lines.3.name": "改名"})
    assert page.values["payee_lines.119.name"] == "受款人119"
    page.press("save", {"payee_lines.101.name": "也改"}, remove="payee_lines.100")

    names = [line["name"] for line in page.draft.fields["payee_lines"]]
    assert (len(names), names[3], names[100]) == (119, "改名", "也改")


def test_one_payee_of_a_grid_is_opened_with_every_field(desk: Desk, login: Login) -> None:
    page = _page(login)
    _look(page, paste=_pasted(*([f"受款人{number}", "自然人"] for number in range(30))))
    _take(page, "replace")
    page.load(f"/vouchers/drafts/{page.draft.pk}/")

    page.press("open:7")
    page.press("save", {"payee_lines.7.account_name_reason": "獨資"})

    assert page.draft.fields["payee_lines"][7]["account_name_reason"] == "獨資"


def test_5000_payees_are_pasted_saved_and_shown(desk: Desk, login: Login) -> None:
    page = _page(login)
    lines = many_payees(5000)["payee_lines"]
    rows = [
        ["林小美", "自然人", "身分證字號", "A123456789", "0130017", line["account_no"], "林小美", "200"]
        for line in lines
    ]

    _look(page, paste=_pasted(*rows))
    _take(page, "replace")
    page.load(f"/vouchers/drafts/{page.draft.pk}/?at.payee_lines=4950")
    answer = page.press("autosave", {"payee_lines.4999.amount_twd": "201"})

    assert answer.status_code == 200
    assert answer.json()["sums"]["payees"] == "1,000,001"
    assert len(page.answer.content) < 600_000
    assert io.BytesIO(answer.content).getbuffer().nbytes < 200_000


def _xlsx(sheet: str) -> bytes:
    """A workbook whose sheet says what it likes."""
    packed = io.BytesIO(tablib.Dataset(["甲"]).export("xlsx"))
    changed = io.BytesIO()
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            after.writestr(part.filename, sheet if is_sheet else before.read(part))
    return changed.getvalue()


_CELL = '<c t="inlineStr"><is><t>晨曦</t></is></c>'


def _sheet(rows: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    dimension = '<dimension ref="A1:XFD1048576"/>'
    return f'<worksheet xmlns="{space}">{dimension}<sheetData>{rows}</sheetData></worksheet>'


def test_a_small_file_that_claims_a_huge_sheet_is_read_as_small_as_it_is() -> None:
    rows = f'<row r="1">{_CELL}</row><row r="2000">{_CELL}</row>'

    found = list(sheet_rows(_xlsx(_sheet(rows)), "xlsx"))

    assert [(row[0], len(row)) for row in found] == [("晨曦", 64), ("晨曦", 64)]


@pytest.mark.parametrize("number", ["65537", "99999999999"])
def test_a_row_that_stands_where_nobody_looks_is_refused_and_not_counted_up_to(number: str) -> None:
    with pytest.raises(Problem, match="65,536"):
        list(sheet_rows(_xlsx(_sheet(f'<row r="{number}">{_CELL}</row>')), "xlsx"))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_file_packed_to_fill_the_memory_is_refused_before_it_is_unpacked(desk: Desk, login: Login, kind: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("content.xml", b" " * (UNPACKED_MAX_BYTES + 1))

    looked = _look(_page(login), file=SimpleUploadedFile(f"list.{kind}", packed.getvalue()))

    assert looked.status_code == 422
    assert "檔案內容過大" in looked.content.decode()
