"""A step of a whole set: a fixed number of statements, one history row, the same rights."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from disbursement.models import Cheque, PaymentInstruction
from tests.core.drafts import actor, draft, instructions, treasurer
from tests.core.threads import WAIT_SECONDS, alone, wait_for_a_waiter
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.models import History, OutboxEvent
from treasury.core.steps import born_each, born_many, perform_many

pytestmark = pytest.mark.usefixtures("people")


def test_every_row_of_the_set_moves_and_one_history_row_names_them() -> None:
    lines = instructions(3)
    ids = [line.pk for line in lines]

    moved = perform_many(
        PaymentInstruction.objects.filter(pk__in=ids),
        "put_in_batch",
        actor=treasurer("payer"),
        because="每日批次",
        details={"batch": "NTA-1"},
    )

    assert moved == 3
    assert set(PaymentInstruction.objects.values_list("state", flat=True)) == {"batched"}
    row = History.objects.get(verb="put_in_batch")
    assert (row.subject_id, row.subject_ids) == (None, ids)
    assert (row.machine, row.source, row.target) == ("instruction", "ready", "batched")
    assert (row.because, row.details, row.actor_role) == ("每日批次", {"batch": "NTA-1"}, "payer")
    assert str(row) == "instruction set: put_in_batch"


def test_rows_that_stand_elsewhere_are_left_alone() -> None:
    lines = instructions(4)
    everything = PaymentInstruction.objects.all()
    perform_many(everything.filter(pk__in=[lines[0].pk, lines[1].pk]), "put_in_batch", actor=SYSTEM)
    perform_many(everything.filter(pk=lines[0].pk), "lose_sight", actor=SYSTEM)

    moved = perform_many(everything, "send", actor=SYSTEM)

    assert moved == 2
    assert [line.state for line in everything.order_by("pk")] == ["sent", "sent", "ready", "ready"]


def test_each_source_state_has_a_history_row_of_its_own() -> None:
    lines = instructions(3)
    everything = PaymentInstruction.objects.all()
    perform_many(everything, "put_in_batch", actor=SYSTEM)
    perform_many(everything.filter(pk=lines[1].pk), "lose_sight", actor=SYSTEM)

    perform_many(everything, "send", actor=SYSTEM)

    rows = History.objects.filter(verb="send").order_by("id").values_list("source", "subject_ids")
    assert list(rows) == [("batched", [lines[0].pk, lines[2].pk]), ("unknown", [lines[1].pk])]


def test_fields_change_together_with_the_states() -> None:
    instructions(2)
    everything = PaymentInstruction.objects.all()
    perform_many(everything, "put_in_batch", actor=SYSTEM)
    perform_many(everything, "send", actor=SYSTEM)

    perform_many(everything, "return_by_bank", actor=SYSTEM, change={"return_code": "04"})

    assert set(everything.values_list("state", "return_code")) == {("returned_by_bank", "04")}


def test_the_number_of_statements_does_not_grow_with_the_set() -> None:
    few, many = instructions(3, number="P1"), instructions(400, number="P2")
    counts = []

    for lines in (few, many):
        chosen = PaymentInstruction.objects.filter(voucher_id=lines[0].voucher_id)
        with CaptureQueriesContext(
            connection,
        ) as statements:
            perform_many(chosen, "put_in_batch", actor=treasurer("payer"))
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_nothing_is_remembered_when_nothing_moves() -> None:
    moved = perform_many(PaymentInstruction.objects.all(), "put_in_batch", actor=SYSTEM)

    assert moved == 0
    assert not History.objects.filter(machine="instruction").exists()
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("role", ["examiner", "supervisor", "auditor"])
def test_a_set_needs_the_right_of_its_step(role: str) -> None:
    instructions(2)

    with pytest.raises(Problem) as refused:
        perform_many(PaymentInstruction.objects.all(), "put_in_batch", actor=treasurer(role))

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)
    assert set(PaymentInstruction.objects.values_list("state", flat=True)) == {"ready"}


def test_an_agencys_person_moves_no_set() -> None:
    instructions(2)

    with pytest.raises(Problem) as refused:
        perform_many(PaymentInstruction.objects.all(), "correct_payee", actor=actor("clerk"))

    assert refused.value.code == "other_agency"


def test_births_are_remembered_in_one_row_or_in_one_each() -> None:
    blanks = Cheque.objects.bulk_create(Cheque(series="NT", serial=f"000000{number}") for number in range(3))
    ids = [blank.pk for blank in blanks]

    born_many(Cheque.objects.filter(pk__in=ids[:2]), actor=treasurer("payer"), details={"series": "NT"})
    born_each(Cheque, ids[2:], actor=treasurer("payer"))

    rows = History.objects.filter(machine="cheque").order_by("id").values_list("subject_id", "subject_ids", "target")
    assert list(rows) == [(None, ids[:2], "blank"), (ids[2], None, "blank")]


def test_a_hundred_births_are_one_statement() -> None:
    voucher = draft()

    with CaptureQueriesContext(connection) as statements:
        born_each(type(voucher), [voucher.pk] * 100, actor=SYSTEM)

    assert len([one for one in statements if "INSERT" in one["sql"]]) == 1


@pytest.mark.django_db(transaction=True)
def test_a_set_leaves_alone_what_another_worker_moves_at_the_same_moment() -> None:
    lines = instructions(3)
    everything = PaymentInstruction.objects.all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            perform_many(everything.filter(pk=lines[0].pk), "put_in_batch", actor=SYSTEM)
            second = pool.submit(alone, lambda: perform_many(everything.all(), "put_in_batch", actor=SYSTEM))
            wait_for_a_waiter()
        moved = second.result(WAIT_SECONDS)

    assert moved == 2
    ids = [row.subject_ids for row in History.objects.filter(verb="put_in_batch").order_by("id")]
    assert ids == [[lines[0].pk], [lines[1].pk, lines[2].pk]]


def test_a_set_of_nothing_moves_nothing() -> None:
    assert perform_many(Cheque.objects.filter(pk__in=[]), "spoil", actor=treasurer("payer")) == 0
    assert perform_many(Cheque.objects.none(), "spoil", actor=treasurer("payer")) == 0
