"""Who may take which step, over services, pages and API alike: every step, from every state it starts from, by
everybody.

A right is a role of one's own agency or of the treasury; another agency's voucher does not exist (404), a step of
other roles is refused (403), and whatever is refused leaves the voucher as it was. An accounting system is its agency's
clerk, and has no address for what clerks do not do.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.duty import ROLE_PERMISSIONS
from agencies.models import User
from agencies.roles import Role
from disbursement.services.steps import TREASURY_STEPS, Given, voucher_step
from tests.api.system import System, system_of
from tests.core.drafts import force_state
from tests.factories import MUSEUM, Desk, fresh
from tests.pages import client_of
from tests.step_rights import everybody
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.submissions import FIELD, submission_key
from vouchers.api.showing import VERBS
from vouchers.models import Voucher
from vouchers.services.agency_steps import AGENCY_STEPS, agency_step_take
from vouchers.states import VOUCHER

MAY, NOT_THIS_ROLE, NOT_THERE = "may", "not this role", "not there"
BECAUSE = "核對後決定"


def starts() -> Iterator[tuple[str, str, str]]:
    """(verb, state it starts from, permission) of every step that a person takes by a button."""
    for step in AGENCY_STEPS.values():
        yield from ((step.verb, source, step.permission) for source in step.sources)
    for verb in TREASURY_STEPS:
        step = VOUCHER.step(verb)
        yield from ((verb, source, step.permission) for source in step.sources)


def expected(who: str, actor: Actor, verb: str, permission: str) -> tuple[str, str]:
    """What the table of rights says of somebody at a voucher of 行政院: by the service, and by the page, which does
    not even say that another agency's voucher is there."""
    has_role = actor.role in ROLE_PERMISSIONS[permission]
    if who.startswith("other "):
        by_service = NOT_THERE if has_role else NOT_THIS_ROLE
        return by_service, NOT_THERE if verb in AGENCY_STEPS else NOT_THIS_ROLE
    return (MAY, MAY) if has_role else (NOT_THIS_ROLE, NOT_THIS_ROLE)


def by_service(voucher: Voucher, verb: str, actor: Actor) -> str:
    """What a step's own service answers; whatever it does is undone."""
    try:
        with transaction.atomic():
            if verb in AGENCY_STEPS:
                agency_step_take(verb=verb, voucher=voucher, actor=actor, because=BECAUSE)
            else:
                voucher_step(voucher=voucher, verb=verb, actor=actor, given=Given(because=BECAUSE, reasons=("R01",)))
            transaction.set_rollback(True)
    except Problem as problem:
        if problem.status == 403:
            return NOT_THERE if problem.code == "other_agency" else NOT_THIS_ROLE
    return MAY


def by_page(voucher: Voucher, verb: str, client: Client) -> str:
    """What the button's address answers; whatever it does is undone."""
    app = "vouchers" if verb in AGENCY_STEPS else "disbursement"
    form: Mapping[str, Any] = {
        FIELD: submission_key(),
        "seen_revision": voucher.revision,
        "seen_state": voucher.state,
        "because": BECAUSE,
        "reason": ["R01"],
    }
    with transaction.atomic():
        answer = client.post(reverse(f"{app}:step", args=[voucher.pk, verb]), form)
        transaction.set_rollback(True)
    return {403: NOT_THIS_ROLE, 404: NOT_THERE}.get(answer.status_code, MAY)


@pytest.fixture
def clients(desk: Desk) -> dict[str, tuple[Actor, Client]]:
    """Everybody there is, logged in."""
    found = {}
    for who, actor in everybody(desk):
        if actor.user_id is not None:
            found[who] = (actor, client_of(User.objects.get(pk=actor.user_id).username))
    return found


def test_services_and_pages_let_nobody_do_what_the_table_of_rights_does_not_say(
    desk: Desk, clients: dict[str, tuple[Actor, Client]]
) -> None:
    voucher = desk.draft()
    wrong = {}
    for verb, source, permission in starts():
        force_state(voucher, source)
        row = fresh(voucher)
        for who, (actor, client) in clients.items():
            wanted = expected(who, actor, verb, permission)
            outcome = by_service(row, verb, actor), by_page(row, verb, client)
            if outcome != wanted:
                wrong[verb, source, who] = (wanted, outcome)
            assert fresh(voucher).state == source
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def by_api(voucher: Voucher, verb: str, system: System) -> str:
    """What the step's address answers to an accounting system; whatever it does is undone."""
    assert system.token
    with transaction.atomic():
        answer = system.post(f"/vouchers/{voucher.pk}/{verb}", {"because": BECAUSE})
        transaction.set_rollback(True)
    meant = {200: MAY, 409: MAY, 422: MAY, 403: NOT_THIS_ROLE, 404: NOT_THERE}
    return meant.get(answer.status, str(answer.status))


def test_an_accounting_system_takes_the_steps_of_its_agencys_clerk_and_no_other(desk: Desk) -> None:
    voucher = desk.draft()
    own, other = system_of(desk), system_of(desk, MUSEUM)
    reader = system_of(desk, scopes=["vouchers:read"])
    wrong = {}
    for verb, source, permission in starts():
        force_state(voucher, source)
        row = fresh(voucher)
        may = Role.CLERK in ROLE_PERMISSIONS[permission] and verb in VERBS
        wanted = (MAY, NOT_THERE, NOT_THIS_ROLE) if may else (NOT_THERE, NOT_THERE, NOT_THERE)
        outcome = by_api(row, verb, own), by_api(row, verb, other), by_api(row, verb, reader)
        if outcome != wanted:
            wrong[verb, source] = (wanted, outcome)
        assert fresh(voucher).state == source
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def test_every_step_of_the_machine_has_a_button_or_is_a_workers_or_a_signature() -> None:
    by_hand = {*AGENCY_STEPS, *TREASURY_STEPS}
    otherwise = {"change", "certify_accountant", "certify_head", "release", "receive", "reject", "post"}

    assert {step.verb for step in VOUCHER.steps} - by_hand - otherwise == {"complete_payment"}
