"""PostgreSQL knows the step tables too: it refuses any other edge, any other birth, and to forget."""

from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from agencies.models import AccessRequest, User
from disbursement.models import Cheque, PaymentInstruction, RemittanceBatch
from signing.models import Card
from tests.core.drafts import draft, force_state, instructions
from treasury.core import clock
from treasury.core.models import History, IdempotencyKey
from treasury.core.steps import machine_of, machines
from vouchers.models import Voucher

pytestmark = pytest.mark.usefixtures("people")


def _cheque() -> Cheque:
    return Cheque.objects.create(
        series="NT",
        serial="0000001",
        voucher=draft(),
        payee_seq=1,
        payee_name="林文德",
        amount_twd=1200,
        issued_on=clock.today(),
    )


def _batch() -> RemittanceBatch:
    return RemittanceBatch.objects.create(
        message_id="NTA-20250307-00001",
        network="fisc",
        execution_on=clock.today(),
        line_count=1,
        total_twd=1200,
        message=b"<Document/>",
        built_at=clock.now(),
    )


def _access_request() -> AccessRequest:
    user = User.objects.create_user("0003010000-newcomer", agency_code="0003010000")
    return AccessRequest.objects.create(
        user=user,
        agency_code="0003010000",
        role="clerk",
        wanted_from_on=clock.today(),
        reason="接辦出納業務",
        requested_at=clock.now(),
    )


def _card() -> Card:
    """A card with the moments that its states may ask for."""
    user = User.objects.create_user("0003010000-holder", agency_code="0003010000")
    now = clock.now()
    return Card.objects.create(
        user=user,
        agency_code="0003010000",
        capacity="head",
        card_no="GC1",
        issuer_kind="GCA",
        certificate=b"certificate",
        fingerprint=bytes(32),
        spki_sha256=bytes(32),
        valid_from=now,
        valid_to=now,
        registered_at=now,
        active_from=now,
        ended_at=now,
    )


SUBJECTS: dict[type[Model], Callable[[], Model]] = {
    Voucher: draft,
    PaymentInstruction: lambda: instructions(1)[0],
    RemittanceBatch: _batch,
    Cheque: _cheque,
    AccessRequest: _access_request,
    Card: _card,
}
GOVERNED = pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__name__)


def _database_takes(model: type[Model], pk: int, state: str) -> bool:
    """Whether PostgreSQL lets a row be moved to a state by plain SQL."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {model._meta.db_table} SET state = %s WHERE id = %s", (state, pk))
    except DatabaseError:
        return False
    return True


def test_every_governed_model_is_tried_here() -> None:
    assert set(SUBJECTS) == set(machines())


@GOVERNED
def test_it_takes_the_edges_of_the_table_and_no_other(model: type[Model]) -> None:
    subject, machine = SUBJECTS[model](), machine_of(model)
    taken = []

    for source, target in permutations(machine.states, 2):
        force_state(subject, source)
        if _database_takes(model, subject.pk, target):
            taken.append((source, target))

    assert sorted(taken) == [(source, target) for source, target in machine.edges() if source != target]


@GOVERNED
def test_it_lets_a_row_be_born_in_an_initial_state_only(model: type[Model]) -> None:
    subject, machine = SUBJECTS[model](), machine_of(model)
    born = []

    for state in machine.states:
        force_state(subject, state)
        columns = [field.column for field in model._meta.concrete_fields]
        copied = ", ".join("id + 1000000" if column == "id" else _other(column) for column in columns)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {copied} "
                    f"FROM {model._meta.db_table} WHERE id = %s",
                    (subject.pk,),
                )
                born.append(state)
                transaction.set_rollback(True)
        except DatabaseError as error:
            assert f"a {machine.name} is not born in state {state}" in str(error)

    assert born == list(machine.initial)


def _other(column: str) -> str:
    """A column's value in a copied row: unique ones differ."""
    if column in {"number", "message_id", "end_to_end_id", "serial"}:
        return f"{column} || 'B'"
    return {
        "fingerprint": "sha256(fingerprint)",
        "payee_seq": "payee_seq + 1",
        "seq": "seq + 1",
        "role": "'reviewer'",
    }.get(column, column)


@pytest.mark.parametrize("statement", ["UPDATE core_history SET verb = 'pay'", "DELETE FROM core_history"])
def test_history_is_neither_edited_nor_deleted(statement: str) -> None:
    draft()

    with pytest.raises(DatabaseError, match="Cannot update or delete rows from core_history"):
        _execute(statement)

    assert History.objects.get().verb == "create"


def test_history_is_refused_to_the_orm_as_well() -> None:
    draft()
    row = History.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        History.objects.all().delete()

    assert History.objects.count() == 1


@pytest.mark.parametrize(("one", "many"), [(None, None), (1, [1])])
def test_history_speaks_of_one_subject_or_of_many(one: int | None, many: list[int] | None) -> None:
    with pytest.raises(DatabaseError, match="history_one_or_many"), transaction.atomic():
        History.objects.create(at=clock.now(), machine="voucher", subject_id=one, subject_ids=many)


def test_an_answer_given_for_a_key_stands() -> None:
    IdempotencyKey.objects.create(scope="s", key="k", body_sha256="0" * 64, answer={}, created_at=clock.now())

    with pytest.raises(DatabaseError, match="Cannot update or delete rows from core_idempotencykey"):
        _execute("UPDATE core_idempotencykey SET answer = '1'")


def _execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
