"""Three signatures by three persons with three cards, then the voucher is the treasury's to take in."""

from pathlib import Path

import pytest

from signing.models import ElectronicPaymentDocument, Signature
from signing.refusals import Refused
from tests.factories import MUSEUM, Cards, Desk, fresh, verbs
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.models import OutboxEvent
from vouchers.services import certification


def test_accountant_head_and_releaser_sign_one_after_the_other_and_the_document_is_sealed(desk: Desk) -> None:
    voucher = desk.brought("awaiting_accountant")

    states = [desk.sign(fresh(voucher), capacity).state for capacity in ("accountant", "head", "releaser")]

    assert states == ["awaiting_head", "certified", "released"]
    signatures = Signature.objects.order_by("id")
    assert [one.capacity for one in signatures] == ["accountant", "head", "releaser"]
    assert len({one.user_id for one in signatures}) == len({one.card_id for one in signatures}) == 3
    sealed = ElectronicPaymentDocument.objects.get()
    assert (sealed.document_ref, sealed.revision) == (voucher.reference, 1)
    event = OutboxEvent.objects.get()
    assert (event.topic, event.payload) == ("VoucherReleased", {"subject_id": voucher.pk})


def test_without_a_good_signature_no_step_is_taken(desk: Desk) -> None:
    voucher = desk.brought("awaiting_accountant")
    accountant = desk.actor("accountant")
    content = certification.signing_content(voucher=voucher, capacity="accountant", actor=accountant)
    message = bytearray(desk.cards.sign(accountant, "accountant", content))
    message[-1] ^= 1

    with pytest.raises(Refused) as refused:
        certification.voucher_certify(
            voucher=voucher, capacity="accountant", actor=accountant, content=content, message=bytes(message)
        )

    assert refused.value.code == "signature_wrong"
    assert fresh(voucher).state == "awaiting_accountant"
    assert not Signature.objects.exists()
    assert "certify_accountant" not in verbs(voucher)


def test_a_signature_over_another_voucher_does_not_certify_this_one(desk: Desk) -> None:
    one, other = desk.brought("awaiting_accountant"), desk.brought("awaiting_accountant")
    accountant = desk.actor("accountant")
    content = certification.signing_content(voucher=other, capacity="accountant", actor=accountant)
    message = desk.cards.sign(accountant, "accountant", content)

    with pytest.raises(Refused) as refused:
        certification.voucher_certify(
            voucher=one, capacity="accountant", actor=accountant, content=content, message=message
        )

    assert refused.value.code == "content_of_other_document"
    assert fresh(one).state == "awaiting_accountant"


def test_the_card_of_another_agencys_accountant_does_not_certify(desk: Desk) -> None:
    voucher = desk.brought("awaiting_accountant")
    accountant = desk.actor("accountant")
    content = certification.signing_content(voucher=voucher, capacity="accountant", actor=accountant)
    message = desk.cards.sign(desk.actor("accountant", MUSEUM), "accountant", content)

    with pytest.raises(Refused) as refused:
        certification.voucher_certify(
            voucher=voucher, capacity="accountant", actor=accountant, content=content, message=message
        )

    assert refused.value.code in {"card_of_other_person", "card_of_other_agency"}


def test_whoever_may_not_take_the_step_does_not_get_to_the_gate(desk: Desk) -> None:
    voucher = desk.brought("awaiting_accountant")
    head = desk.actor("head")
    content = certification.signing_content(voucher=voucher, capacity="accountant", actor=head)

    with pytest.raises(Problem) as refused:
        certification.voucher_certify(voucher=voucher, capacity="accountant", actor=head, content=content, message=b"")

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)


def test_a_releaser_signs_by_releasing_and_nobody_certifies_in_another_capacity(desk: Desk) -> None:
    voucher = desk.brought("certified")
    releaser = desk.actor("releaser")
    content = certification.signing_content(voucher=voucher, capacity="releaser", actor=releaser)

    with pytest.raises(Problem) as refused:
        certification.voucher_certify(
            voucher=voucher, capacity="releaser", actor=releaser, content=content, message=b""
        )

    assert refused.value.code == "capacity_unknown"
    assert fresh(voucher).state == "certified"


def test_no_other_capacity_than_the_three_brings_anything_about(desk: Desk) -> None:
    voucher, releaser = desk.brought("certified"), desk.actor("releaser")

    with pytest.raises(Problem) as refused:
        certification.voucher_sign(voucher=voucher, capacity="clerk", actor=releaser, proof=None)

    assert refused.value.code == "capacity_unknown"
    assert fresh(voucher).state == "certified"


@pytest.mark.parametrize(
    ("state", "capacity", "code"),
    [
        ("in_review", "accountant", "wrong_state"),
        ("awaiting_accountant", "head", "wrong_state"),
        ("awaiting_accountant", "releaser", "wrong_state"),
        ("awaiting_head", "accountant", "wrong_state"),
        ("awaiting_accountant", "clerk", "capacity_not_asked"),
    ],
)
def test_a_content_is_issued_to_whose_turn_it_is(desk: Desk, state: str, capacity: str, code: str) -> None:
    voucher = desk.brought(state)

    with pytest.raises(Problem) as refused:
        certification.signing_content(voucher=voucher, capacity=capacity, actor=desk.actor("accountant"))

    assert refused.value.code == code


def test_only_a_person_signs(desk: Desk) -> None:
    voucher = desk.brought("awaiting_accountant")

    with pytest.raises(Problem) as refused:
        certification.signing_content(voucher=voucher, capacity="accountant", actor=SYSTEM)

    assert (refused.value.code, refused.value.status) == ("no_person", 403)


def test_a_release_without_the_signatures_that_the_profile_asks_for_is_refused(desk: Desk) -> None:
    voucher = desk.brought("certified")
    releaser = desk.actor("releaser")

    with pytest.raises(Refused):
        certification.voucher_release(voucher=voucher, actor=releaser)

    assert fresh(voucher).state == "certified"
    assert not OutboxEvent.objects.exists()
    assert not ElectronicPaymentDocument.objects.exists()


@pytest.mark.usefixtures("db", "day")
def test_in_taichung_two_sign_and_the_releaser_transmits(cards: Cards, tmp_path: Path) -> None:
    desk = Desk(cards, tmp_path, profile="taichung")
    voucher = desk.brought("certified")
    releaser = desk.actor("releaser")

    released = certification.voucher_release(voucher=voucher, actor=releaser)

    assert released.state == "released"
    assert list(Signature.objects.order_by("id").values_list("capacity", flat=True)) == ["accountant", "head"]
    assert len(ElectronicPaymentDocument.objects.get().signature_ids) == 2
    with pytest.raises(Problem) as refused:
        certification.signing_content(voucher=voucher, capacity="releaser", actor=releaser)
    assert refused.value.code == "capacity_not_asked"
    assert desk.moved(fresh(voucher)).state == "received"
