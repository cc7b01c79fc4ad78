"""What holds and what does not, beyond parts that were forged: two signatures, salaries, cheques, corrected lines, and
files that are none.
"""

from datetime import datetime, timedelta

from signing.evidence.container import container_write
from tests.signing import forge
from tests.signing.documents import document
from tests.signing.evidence.changes import cheque, edit, judged, logless
from tests.signing.evidence.conftest import stamped
from tests.signing.evidence.judges import product, stranger
from tests.signing.evidence.workshop import (
    AT,
    CAPACITIES,
    Workshop,
)


def test_a_right_file_holds(good: Workshop, next_day: datetime) -> None:
    assert judged(good, next_day) == ({}, {})


def test_a_file_with_two_signatures_holds(next_day: datetime) -> None:
    made = stamped(capacities=CAPACITIES[:2])

    assert judged(made, next_day) == ({}, {})


def test_a_pin_makes_the_files_own_root_an_anchor_and_no_other_does(good: Workshop, next_day: datetime) -> None:
    strange = forge.root()

    by_product, by_stranger = (judge(good.sealed(), [strange.certificate], next_day) for judge in (product, stranger))

    assert by_product["time head"] == "timestamp_untrusted" and "certificate head" in by_stranger


def test_salaries_and_cheques_are_held_against_what_was_signed(next_day: datetime) -> None:
    salaries = document()
    salaries["voucher"] |= {"method": "entrusted", "entrusted": {"disbursement_account": "700"}}
    line = {"line_no": 1, "attempt": 1, "end_to_end_id": "114-1-1", "state": "credited", "earlier": []}
    paid = {**line, "network": "entrusted", "account_no": "700", "amount_twd": 100}
    right = stamped(document=salaries, bank={"instructions": [paid]})
    other = stamped(document=salaries, bank={"instructions": [{**paid, "account_no": "701"}]})
    by_cheque = stamped(bank={"instructions": [], "cheques": [cheque(100)]})
    before_the_first = stamped(bank={"instructions": [], "cheques": [cheque(100, line_no=0)]})

    assert judged(right, next_day) == ({}, {})
    assert judged(by_cheque, next_day) == ({}, {})
    for wrong in (other, before_the_first):
        by_product, by_stranger = judged(wrong, next_day)
        assert by_product == {"bank": "evidence_payment"} and list(by_stranger) == ["bank"]


def test_a_line_sent_again_may_go_to_the_corrected_account(good: Workshop, next_day: datetime) -> None:
    earlier = [{"end_to_end_id": "114-1-1", "attempt": 1}]
    corrected = {"attempt": 2, "end_to_end_id": "114-1-2", "account_no": "999", "earlier": earlier}

    found = judged(good, next_day, edit("bank.json", lambda value: value["instructions"][0].update(corrected)))

    assert found == ({}, {})


def test_a_posting_of_others_or_over_another_total_is_found(next_day: datetime) -> None:
    other = document()
    other["voucher"] = {**other["voucher"], "total_twd": 90}
    made = stamped()
    wrong = Workshop(world=made.world, document=other).made()

    def totals(parts: dict[str, bytes]) -> None:
        parts["ledger.json"] = wrong.parts["ledger.json"]

    by_product, by_stranger = judged(made, next_day, totals)

    assert by_product["postings"] == "evidence_payment" and "ledger" in by_stranger


def test_without_the_log_a_file_of_the_same_day_is_judged_by_its_stamps(good: Workshop) -> None:
    made = good.sealed(logless)
    anchors = [good.world.root.certificate]

    for judge in (product, stranger):
        assert judge(made, anchors, AT + timedelta(hours=1), with_log=False) == {}


def test_a_file_that_is_none_is_one_finding(next_day: datetime) -> None:
    assert product(b"", [], next_day) == {"container": "evidence_container"}
    assert list(stranger(b"%PDF", [], next_day)) == ["container"]
    assert list(product(container_write(parts={}, about={}), [], next_day)) == ["document"]
