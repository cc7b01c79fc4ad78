"""What a voucher said in each revision is told from its history."""

from tests.factories import Desk, fresh
from vouchers.models import Voucher
from vouchers.revisions import revisions_of
from vouchers.services import preparation


def _purposes(voucher: Voucher) -> list[tuple[int, str, str]]:
    return [(one.number, one.content["purpose"], one.ended_verb) for one in revisions_of(fresh(voucher))]


def _rewritten(desk: Desk, voucher: Voucher, purpose: str, **more: object) -> None:
    row = fresh(voucher)
    content = {**row.content, "purpose": purpose, **more}
    preparation.voucher_change(voucher=row, content=content, actor=desk.actor("clerk"))


def test_every_revision_says_what_it_said_when_it_ended(desk: Desk) -> None:
    voucher = desk.draft()
    _rewritten(desk, voucher, "114年3月份第一次改寫")
    preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))
    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("reviewer"), because="一")
    _rewritten(desk, voucher, "114年3月份第二次改寫", notes={"text": "附記"})
    _rewritten(desk, voucher, "114年3月份第三次改寫")
    preparation.voucher_submit(voucher=voucher, actor=desk.actor("clerk"))
    preparation.voucher_send_back(voucher=voucher, actor=desk.actor("reviewer"), because="二")
    _rewritten(desk, voucher, "114年3月份第四次改寫")

    assert _purposes(voucher) == [
        (1, "114年3月份第一次改寫", "send_back"),
        (2, "114年3月份第三次改寫", "send_back"),
        (3, "114年3月份第四次改寫", ""),
    ]
    first, second, _ = revisions_of(fresh(voucher))
    assert "notes" not in first.content
    assert (second.content["notes"], second.because) == ({"text": "附記"}, "二")


def test_a_voucher_never_sent_back_has_one_revision(desk: Desk) -> None:
    voucher = desk.brought("awaiting_head")

    assert [(one.number, one.ended_verb) for one in revisions_of(voucher)] == [(1, "")]


def test_a_withdrawn_voucher_keeps_what_was_released(desk: Desk) -> None:
    voucher = desk.brought("released")
    preparation.voucher_withdraw(voucher=voucher, actor=desk.actor("releaser"), because="金額誤植")
    _rewritten(desk, voucher, "114年3月份更正用途")

    assert [verb for _, _, verb in _purposes(voucher)] == ["withdraw", ""]
    assert _purposes(voucher)[0][1] == "114年3月份辦公文具採購"
