"""A queue shows beforehand what the rules will find, the same as the examination, in a fixed number of statements."""

import pytest

from disbursement.services.balances import balances_of
from disbursement.services.examination import voucher_examine
from disbursement.services.previews import vouchers_preview
from tests.factories import CABINET, OFFICE, OFFICE_TWD, ON, TRAVEL, Desk, by_force, statements
from tests.vouchers.examples import Content, advance, changed, remittance, transfer
from treasury.ledger import events
from treasury.ledger import services as books
from treasury.ledger.authorities import Draw
from vouchers.models import Voucher


def _rows() -> list[Voucher]:
    return list(Voucher.objects.filter(state="received").order_by("pk"))


def test_what_is_shown_beforehand_is_what_the_examination_finds(desk: Desk) -> None:
    for content in (remittance(), advance(), transfer()):
        desk.brought("received", content)
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code IN (%s, 'ADV114-004')", OFFICE)

    shown = vouchers_preview(_rows())

    assert {pk: one.findings for pk, one in shown.items()} == {
        row.pk: voucher_examine(voucher=row).findings for row in _rows()
    }
    assert [one.reasons for one in shown.values()] == [("R01",), ("R01",), ("R02",)]


def test_ten_times_the_vouchers_take_no_more_statements(desk: Desk) -> None:
    for content in (remittance(), advance(), transfer()):
        desk.brought("received", content)
    few = _rows()
    many = [row for row in few for _ in range(10)]

    assert statements(lambda: vouchers_preview(few)) == statements(lambda: vouchers_preview(many))
    assert statements(lambda: vouchers_preview([])) == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (remittance(), [("budget", OFFICE, "一般行政", OFFICE_TWD, -30_000)]),
        (advance(), [("case", "ADV114-004", "", 3_700_000, -30_000)]),
        (
            transfer(),
            [
                ("budget", TRAVEL, "施政推展聯繫", OFFICE_TWD, -30_000),
                ("budget", OFFICE, "一般行政", OFFICE_TWD, 30_000),
            ],
        ),
    ],
    ids=["payment", "advance", "transfer"],
)
def test_balances_say_what_is_left_and_what_changes(
    desk: Desk, content: Content, expected: list[tuple[str, str, str, int, int]]
) -> None:
    voucher = desk.brought("received", content)

    lines = balances_of(voucher)

    assert [(one.kind, one.code, one.name, one.before_twd, one.change_twd) for one in lines] == expected
    assert all(one.suffices and one.after_twd == one.before_twd + one.change_twd for one in lines)  # type: ignore[operator]


def test_a_draw_on_a_fund_binds_allotment_and_fund(desk: Desk) -> None:
    books.fund_open(code="F001", name="行政院公營事業民營化基金", agency_code=CABINET)
    deposit = [Draw.fund("F001", 10_000)]
    books.book(events.DEPOSIT, event_ref="fund", agency_code="", fiscal_year=114, on=ON, draws=deposit)
    voucher = desk.brought("received", changed(remittance(), {"/account_lines/0/fund_code": "F001"}))

    lines = {one.kind: one for one in balances_of(voucher)}

    assert lines["budget"].suffices
    assert (lines["fund"].name, lines["fund"].after_twd) == ("行政院公營事業民營化基金", -20_000)
    assert not lines["fund"].suffices
