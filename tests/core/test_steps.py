"""One step: lock, state, role, separation of duty, move, remember, tell; all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import transaction

from agencies.roles import Role
from agencies.selectors import actor_of, person_for
from agencies.services import role_grant
from tests.core.drafts import CABINET, MUSEUM, actor, draft, treasurer
from tests.core.threads import WAIT_SECONDS, alone, at_once, wait_for_a_waiter
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.models import History, OutboxEvent
from treasury.core.steps import machine_of, machines, perform, took_part
from vouchers.models import Voucher
from vouchers.states import VOUCHER

pytestmark = pytest.mark.usefixtures("people")


def test_a_step_moves_the_row_and_returns_it_fresh() -> None:
    voucher = draft()

    moved = perform(voucher, "submit", actor=actor("clerk"))

    assert moved.state == "in_review"
    assert Voucher.objects.get(pk=voucher.pk).state == "in_review"


def test_a_step_is_remembered_with_who_when_and_why(morning: datetime) -> None:
    voucher = draft()
    perform(voucher, "submit", actor=actor("clerk"))
    reviewer = actor("reviewer")

    perform(voucher, "send_back", actor=reviewer, because="用途別有誤", details={"path": "/purpose"})

    row = History.objects.filter(subject_id=voucher.pk).latest("id")
    assert (row.machine, row.verb, row.source, row.target) == ("voucher", "send_back", "in_review", "draft")
    assert (row.actor_id, row.actor_name, row.actor_role) == (reviewer.user_id, reviewer.name, "reviewer")
    assert (row.actor_agency_code, row.at) == (CABINET, morning)
    assert (row.because, row.details, row.subject_ids) == ("用途別有誤", {"path": "/purpose"}, None)
    assert str(row) == f"voucher {voucher.pk}: send_back"


def test_fields_change_together_with_the_state() -> None:
    voucher = draft()
    perform(voucher, "submit", actor=actor("clerk"))

    moved = perform(voucher, "send_back", actor=actor("reviewer"), change={"revision": 2})

    assert (moved.revision, moved.state) == (2, "draft")
    assert Voucher.objects.get(pk=voucher.pk).revision == 2


def test_a_step_with_an_event_tells_of_it_in_the_same_transaction() -> None:
    voucher = _certified()

    with pytest.raises(RuntimeError), transaction.atomic():
        perform(voucher, "release", actor=actor("releaser"))
        raise RuntimeError("the signature did not pass")
    assert not OutboxEvent.objects.exists()
    perform(voucher, "release", actor=actor("releaser"))

    event = OutboxEvent.objects.get()
    assert (event.topic, event.payload) == ("VoucherReleased", {"subject_id": voucher.pk})


def test_a_step_starts_only_where_it_may() -> None:
    voucher = draft()

    with pytest.raises(Problem) as refused:
        perform(voucher, "certify_head", actor=actor("head"))

    assert (refused.value.code, refused.value.status) == ("wrong_state", 409)
    assert "certify_head is not possible in state draft" in refused.value.detail
    assert _verbs(voucher) == ["create"]


def test_the_row_counts_and_not_the_copy_in_hand() -> None:
    stale = draft()
    perform(Voucher.objects.get(pk=stale.pk), "submit", actor=actor("clerk"))

    with pytest.raises(Problem) as refused:
        perform(stale, "submit", actor=actor("clerk"))

    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize("role", ["admin", "reviewer", "accountant", "head", "releaser"])
def test_a_step_needs_its_role(role: str) -> None:
    voucher = draft()

    with pytest.raises(Problem) as refused:
        perform(voucher, "submit", actor=actor(role))

    assert (refused.value.code, refused.value.status) == ("role_missing", 403)
    assert Voucher.objects.get(pk=voucher.pk).state == "draft"
    assert _verbs(voucher) == ["create"]


def test_another_agencys_clerk_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        perform(draft(), "submit", actor=actor("clerk", MUSEUM))

    assert refused.value.code == "other_agency"


def test_a_worker_takes_only_the_steps_of_workers() -> None:
    with pytest.raises(Problem) as refused:
        perform(draft(), "submit", actor=SYSTEM)

    assert refused.value.code == "role_missing"


def test_nobody_passes_what_he_wrote() -> None:
    voucher = draft()
    perform(voucher, "submit", actor=actor("clerk"))
    clerk = person_for(CABINET, Role.CLERK, clock.today())
    role_grant(user_id=clerk.pk, role=Role.REVIEWER, actor=SYSTEM)

    with pytest.raises(Problem) as refused:
        perform(voucher, "pass_review", actor=actor_of(clerk, Role.REVIEWER))

    assert (refused.value.code, refused.value.status) == ("separation_of_duty", 403)


def test_who_wrote_a_voucher_is_known_from_its_birth_alone() -> None:
    voucher = draft()
    clerk = person_for(CABINET, Role.CLERK, clock.today())
    role_grant(user_id=clerk.pk, role=Role.REVIEWER, actor=SYSTEM)
    lin = person_for(CABINET, Role.ADMIN, clock.today())
    role_grant(user_id=lin.pk, role=Role.CLERK, actor=SYSTEM)
    perform(voucher, "submit", actor=actor_of(lin, Role.CLERK))

    with pytest.raises(Problem) as refused:
        perform(voucher, "pass_review", actor=actor_of(clerk, Role.REVIEWER))

    assert refused.value.code == "separation_of_duty"
    assert "create_voucher" in refused.value.detail


def test_who_else_had_a_hand_in_it_is_kept_apart_like_who_wrote_it() -> None:
    voucher, helper = draft(), actor("reviewer")
    took_part(voucher, "change", actor=helper)
    moved = perform(voucher, "submit", actor=actor("clerk"))

    with pytest.raises(Problem) as caught:
        perform(moved, "pass_review", actor=helper)

    assert caught.value.code == "separation_of_duty"
    with pytest.raises(Problem) as late:
        took_part(moved, "change", actor=helper)
    assert late.value.code == "wrong_state"


def test_a_whole_life_leaves_every_step_in_the_history() -> None:
    voucher = _certified()
    perform(voucher, "release", actor=actor("releaser"))
    perform(voucher, "receive", actor=SYSTEM)
    perform(voucher, "accept", actor=treasurer("examiner"))
    perform(voucher, "schedule", actor=treasurer("payer"))

    assert _verbs(voucher) == [
        *("create", "submit", "pass_review", "certify_accountant", "certify_head"),
        *("release", "receive", "accept", "schedule"),
    ]
    assert [row.source for row in History.objects.order_by("id")][1:] == [
        row.target for row in History.objects.order_by("id")
    ][:-1]


def test_a_state_is_never_assigned() -> None:
    voucher = draft()

    with pytest.raises(AttributeError):
        voucher.state = "paid"


def test_a_machine_answers_for_its_table() -> None:
    assert VOUCHER.step("release").event == "VoucherReleased"
    assert [step.verb for step in VOUCHER.steps_from("awaiting_head")] == ["certify_head", "send_back"]
    assert ("released", "received") in VOUCHER.edges()
    assert machine_of(Voucher) is VOUCHER
    assert {machine.name for machine in machines().values()} >= {"voucher"}
    with pytest.raises(KeyError):
        VOUCHER.step("fly")


def test_every_step_leads_between_known_states_and_every_state_is_reached() -> None:
    for machine in machines().values():
        targets = {step.target for step in machine.steps}
        sources = {source for step in machine.steps for source in step.sources}

        assert targets | sources <= set(machine.states)
        assert targets | set(machine.initial) == set(machine.states)
        assert len({step.verb for step in machine.steps}) == len(machine.steps)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_the_step() -> None:
    voucher, clerk = draft(), actor("clerk")

    results = at_once(*[lambda: perform(voucher, "submit", actor=clerk)] * 4)

    moved = [result for result in results if isinstance(result, Voucher)]
    refused = [result.code for result in results if isinstance(result, Problem)]
    assert len(moved) == 1
    assert refused == ["wrong_state"] * 3
    assert _verbs(voucher) == ["create", "submit"]


@pytest.mark.django_db(transaction=True)
def test_a_step_waits_until_the_step_before_it_is_decided() -> None:
    voucher, reviewer = draft(), actor("reviewer")
    perform(voucher, "submit", actor=actor("clerk"))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            perform(voucher, "send_back", actor=reviewer)
            second = pool.submit(alone, lambda: perform(voucher, "pass_review", actor=reviewer))
            wait_for_a_waiter()
        result = second.result(WAIT_SECONDS)

    assert isinstance(result, Problem) and result.code == "wrong_state"
    assert _verbs(voucher) == ["create", "submit", "send_back"]


def _certified() -> Voucher:
    """A voucher that waits for its release."""
    voucher = draft()
    steps = {
        "submit": "clerk",
        "pass_review": "reviewer",
        "certify_accountant": "accountant",
        "certify_head": "head",
    }
    for verb, role in steps.items():
        perform(voucher, verb, actor=actor(role))
    return voucher


def _verbs(voucher: Voucher) -> list[str]:
    return list(History.objects.filter(subject_id=voucher.pk).order_by("id").values_list("verb", flat=True))


def test_a_birth_is_remembered(morning: datetime) -> None:
    voucher = draft()

    row = History.objects.get()

    assert (row.verb, row.source, row.target, row.subject_id) == ("create", "", "draft", voucher.pk)
    assert row.actor_role == "clerk"
