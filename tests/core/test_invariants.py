"""Every state follows from the history, and no news lies about forever."""

from datetime import datetime, timedelta

import pytest

from disbursement.models import PaymentInstruction
from tests.core.drafts import actor, draft, force_state, instructions
from treasury.core.actors import SYSTEM
from treasury.core.invariants import Violation, outbox_done_or_due, states_derived
from treasury.core.models import OutboxEvent
from treasury.core.outbox import record
from treasury.core.steps import perform, perform_many
from vouchers.models import Voucher

pytestmark = pytest.mark.usefixtures("people")


def test_states_reached_by_steps_follow_from_the_history() -> None:
    voucher = draft()
    lines = instructions(3, number="P0307-002")
    perform(voucher, "submit", actor=actor("clerk"))
    perform_many(PaymentInstruction.objects.all(), "put_in_batch", actor=SYSTEM)
    perform_many(PaymentInstruction.objects.filter(pk=lines[1].pk), "send", actor=SYSTEM)

    assert list(states_derived()) == []


def test_a_forged_state_is_found() -> None:
    voucher = draft()
    force_state(voucher, "paid")

    (violation,) = states_derived()

    assert violation == Violation(8, "state_from_history", f"voucher {voucher.pk} is paid, its history ends in draft")
    assert violation.as_dict() == {
        "invariant": 8,
        "name": "state_from_history",
        "detail": violation.detail,
    }


def test_a_forged_line_of_a_set_is_found() -> None:
    lines = instructions(3)
    perform_many(PaymentInstruction.objects.all(), "put_in_batch", actor=SYSTEM)
    force_state(lines[2], "credited")

    (violation,) = states_derived()

    assert violation.detail == f"instruction {lines[2].pk} is credited, its history ends in batched"


def test_a_row_without_a_past_is_found() -> None:
    known = draft()
    Voucher.objects.bulk_create([_copy_of(known)])

    (violation,) = states_derived()

    assert violation.detail.endswith("is draft, its history ends in None")


def test_news_is_done_or_due_soon(morning: datetime) -> None:
    event = record("TestedNews")
    rows = OutboxEvent.objects.filter(pk=event.pk)

    rows.update(due_at=morning + timedelta(minutes=10))
    soon = list(outbox_done_or_due())
    rows.update(due_at=morning + timedelta(minutes=11))
    late = list(outbox_done_or_due())
    rows.update(done_at=morning)
    done = list(outbox_done_or_due())

    assert (soon, done) == ([], [])
    assert [(one.invariant, one.name) for one in late] == [(9, "outbox_done_or_due")]


def _copy_of(voucher: Voucher) -> Voucher:
    fields = {field.attname: getattr(voucher, field.attname) for field in Voucher._meta.concrete_fields}
    return Voucher(**{**fields, "id": None, "number": "P0307-999"})
