"""A queue shows beforehand what the rules will find, the same as the examination, in a fixed number of statements."""

from disbursement.services.examination import voucher_examine
from disbursement.services.previews import vouchers_preview
from tests.factories import OFFICE, Desk, by_force, statements
from tests.vouchers.examples import advance, remittance, transfer
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
