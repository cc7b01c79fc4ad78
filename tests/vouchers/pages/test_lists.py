"""The list of vouchers shows what the reader may see, narrowed by the address, the oldest first."""

import io

import pytest
import tablib
from django.test import Client

from tests.factories import GRANTS, MUSEUM, OFFICE, Desk, many_payees, statements
from tests.vouchers.examples import Content, cheque, entrusted, remittance, transfer
from tests.vouchers.pages.conftest import Login
from vouchers import selectors


def _numbers(client: Client, query: str = "") -> list[str]:
    return [row.number for row in client.get(f"/vouchers/{query}").context["listing"].shown]


def _museum() -> Content:
    return remittance() | {"account_lines": [{"account_code": "5361400100", "amount_twd": 30_000}]}


def test_an_agency_sees_its_own_vouchers_the_treasury_all_of_them_the_oldest_first(desk: Desk, login: Login) -> None:
    first, other, last = desk.draft(), desk.draft(_museum(), agency_code=MUSEUM), desk.draft()

    assert _numbers(login("clerk")) == [first.number, last.number]
    assert _numbers(login("clerk", MUSEUM)) == [other.number]
    assert _numbers(login("auditor", "")) == [first.number, other.number, last.number]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=in_review", ["grants"]),
        ("number=t", ["transfer"]),
        ("payee=林小", ["grants"]),
        ("payee=小美", ["grants"]),
        ("payee=%25美", []),
        (f"account={GRANTS}", ["grants"]),
        (f"account={OFFICE[:6]}&kind=payment&method=remittance", ["office", "grants"]),
        ("amount_from=30,001", ["grants"]),
        ("amount_to=30000&kind=payment", ["office"]),
        ("kind=transfer", ["transfer"]),
        ("method=remittance", ["office", "grants"]),
        ("due_from=114/3/10&due_to=2025-03-10&kind=payment", ["office", "grants"]),
        ("due_from=114/03/11", []),
    ],
)
def test_the_list_is_narrowed_by_each_filter(desk: Desk, login: Login, query: str, found: list[str]) -> None:
    vouchers = {
        "office": desk.draft(),
        "grants": desk.brought("in_review", many_payees(2, amount_twd=50_000)),
        "transfer": desk.draft(transfer()),
    }

    numbers = _numbers(login("reviewer"), f"?{query}")

    assert numbers == [voucher.number for name, voucher in vouchers.items() if name in found]


def test_a_payee_is_found_by_any_part_of_the_name_also_where_many_hold_it(
    desk: Desk, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = remittance()
    content["payee_lines"][0] |= dict.fromkeys(("name", "account_name"), "百分%之_美術館\\")
    odd, other = desk.draft(content), desk.draft()
    client = login("auditor", "")

    def found(text: str) -> list[str]:
        return [row.number for row in client.get("/vouchers/", {"payee": text}).context["listing"].shown]

    few = [found(text) for text in ("%之_美", "術館\\", "_", "%%", "文具有限", "公司限有")]
    monkeypatch.setattr(selectors, "_HOLDING_MAX", 0)
    many = [found(text) for text in ("%之_美", "術館\\", "_", "%%", "文具有限", "公司限有")]

    assert few == many == [[odd.number]] * 3 + [[], [other.number], []]


def test_the_treasury_finds_the_vouchers_of_an_agency_by_code_or_name(desk: Desk, login: Login) -> None:
    own, other = desk.draft(), desk.draft(_museum(), agency_code=MUSEUM)
    auditor = login("auditor", "")

    assert _numbers(auditor, "?agency=0003010000") == [own.number]
    assert _numbers(auditor, "?agency=美術館") == [other.number]
    assert _numbers(login("clerk"), f"?agency={MUSEUM}") == [own.number]


@pytest.mark.parametrize("query", ["amount_from=x", "amount_to=-1", "due_from=nobody"])
def test_what_is_no_amount_or_date_is_said_beside_a_list_that_stays_as_it_was(
    desk: Desk, login: Login, query: str
) -> None:
    voucher = desk.draft()

    answer = login("clerk").get(f"/vouchers/?{query}")

    assert [row.number for row in answer.context["listing"].shown] == [voucher.number]
    assert [problem.code for problem in answer.context["listing"].problems] in (["bad_amount"], ["bad_date"])


def test_a_row_says_who_is_paid_how_and_since_when_it_waits(desk: Desk, login: Login) -> None:
    desk.brought("in_review", many_payees(3))
    desk.draft(entrusted())
    desk.draft(cheque())

    page = login("reviewer").get("/vouchers/").content.decode()

    assert "林小美等 3 戶" in page
    assert "委託劃帳" in page
    assert "自領支票" in page
    assert page.count("114/03/10 09:") >= 3


def test_only_signers_choose_among_the_vouchers_that_wait_for_them(desk: Desk, login: Login) -> None:
    waiting, early = desk.brought("awaiting_accountant"), desk.draft()

    accountant = login("accountant").get("/vouchers/").content.decode()
    reviewer = login("reviewer").get("/vouchers/").content.decode()

    assert f'name="voucher" value="{waiting.pk}" data-amount-twd="30000"' in accountant
    assert f'value="{early.pk}"' not in accountant
    assert 'name="voucher"' not in reviewer


@pytest.mark.parametrize("kind", ["ods", "xlsx", "csv"])
def test_the_list_comes_as_a_file_with_the_same_rows(desk: Desk, login: Login, kind: str) -> None:
    desk.draft()
    wanted = desk.brought("in_review", many_payees(2))

    answer = login("reviewer").get(f"/vouchers/?state=in_review&format={kind}")

    table = tablib.Dataset()
    if kind == "csv":
        table.load(answer.content.decode("utf-8-sig"), format="csv")
    else:
        table.load(io.BytesIO(answer.content).read(), format=kind)
    (row,) = table.dict
    assert (row["憑單編號"], row["受款人"], int(row["金額"])) == (wanted.number, "林小美等 2 戶", 400)


@pytest.mark.parametrize("path", ["/vouchers/", "/vouchers/?state=draft", "/vouchers/transmission/"])
def test_a_list_sends_the_same_statements_for_many_vouchers_as_for_few(desk: Desk, login: Login, path: str) -> None:
    client = login("accountant")
    desk.draft()
    client.get(path)
    few = statements(lambda: client.get(path))

    desk.hand_in(*({**remittance(), "number": f"X{count:04d}"} for count in range(400)))
    many = statements(lambda: client.get(path))

    assert many == few


def test_every_role_has_the_queue_of_what_waits_for_it(desk: Desk, login: Login) -> None:
    for state in ("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified"):
        desk.brought(state)

    for role, state in (
        ("clerk", "draft"),
        ("reviewer", "in_review"),
        ("accountant", "awaiting_accountant"),
        ("head", "awaiting_head"),
        ("releaser", "certified"),
    ):
        client = login(role)
        rail = dict(client.get("/").context["rail"])
        lines = {line["url"]: line["count"] for group in rail.values() for line in group}
        assert lines[f"/vouchers/?state={state}"] == 1, role
        assert len(_numbers(client, f"?state={state}")) == 1
