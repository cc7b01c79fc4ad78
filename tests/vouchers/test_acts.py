"""Acts of the revision in hand: what an earlier revision went through does not count."""

from tests.factories import Desk
from vouchers.acts import acts_of
from vouchers.services.preparation import voucher_send_back


def test_every_step_is_known_by_its_verb_with_person_and_time(desk: Desk) -> None:
    voucher = desk.brought("released")

    acts = acts_of([voucher.pk])[voucher.pk]

    assert list(acts) == ["create", "submit", "pass_review", "certify_accountant", "certify_head", "release"]
    assert acts["pass_review"].name == desk.actor("reviewer").name
    assert acts["submit"].at < acts["release"].at


def test_a_voucher_sent_back_starts_anew(desk: Desk) -> None:
    voucher = desk.brought("awaiting_head")

    voucher_send_back(voucher=voucher, actor=desk.actor("head"), because="金額有誤")

    assert list(acts_of([voucher.pk])[voucher.pk]) == ["send_back"]


def test_a_voucher_nobody_knows_has_no_acts(desk: Desk) -> None:
    assert acts_of([0]) == {}
