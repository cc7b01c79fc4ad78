"""Who may take which step: a table's claims held against `perform`, for everybody there is and from every state."""

from collections.abc import Iterator, Mapping

from django.db import models, transaction

from agencies.duty import SEPARATIONS, Separation
from agencies.models import Agency, RoleAssignment, User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from tests.core.drafts import force_state
from tests.factories import CABINET, MUSEUM, ON, Desk
from treasury.core import clock
from treasury.core.actors import SYSTEM, Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.core.steps import Machine, machine_of, perform

Rights = Mapping[str, frozenset[str]]
MAY = "may"


def everybody(desk: Desk) -> Iterator[tuple[str, Actor]]:
    """Each role of the subject's own agency, of another one, and of the treasury, and the system."""
    for role in AGENCY_ROLES:
        yield str(role), desk.actor(role, CABINET)
        yield f"other {role}", desk.actor(role, MUSEUM)
    for role in TREASURY_ROLES:
        yield str(role), desk.treasurer(role)
    yield "system", SYSTEM


def tried(subject: models.Model, verb: str, actor: Actor) -> str:
    """`may`, or code and status of the refusal; nothing of the try is kept."""
    try:
        with transaction.atomic():
            moved = perform(subject, verb, actor=actor)
            target = machine_of(type(subject)).step(verb).target
            transaction.set_rollback(True)
        return MAY if getattr(moved, "state", "") == target else "did not move"
    except Problem as problem:
        return f"{problem.code} {problem.status}"


def expected(rights: Rights, verb: str, who: str) -> str:
    """What the table says of somebody: an agency's right ends at its own subjects."""
    if who in rights[verb]:
        return MAY
    return "other_agency 403" if who.removeprefix("other ") in rights[verb] else "role_missing 403"


def wrong_rights(desk: Desk, subject: models.Model, rights: Rights) -> dict[tuple[str, str, str], str]:
    """Every (verb, state, who) whose outcome is not what the table says, with what happened instead."""
    found = {}
    for step in machine_of(type(subject)).steps:
        for source in step.sources:
            force_state(subject, source)
            for who, actor in everybody(desk):
                outcome = tried(subject, step.verb, actor)
                if outcome != expected(rights, step.verb, who):
                    found[step.verb, source, who] = outcome
    return found


def wrong_starts(desk: Desk, subject: models.Model, rights: Rights) -> dict[tuple[str, str], str]:
    """Every (verb, state) from which somebody who has the right gets anything but `wrong_state`, sources excepted."""
    machine, people, found = machine_of(type(subject)), dict(everybody(desk)), {}
    for state in machine.states:
        force_state(subject, state)
        for step in machine.steps:
            outcome = tried(subject, step.verb, people[min(rights[step.verb])])
            if state not in step.sources and outcome != "wrong_state 409":
                found[step.verb, state] = outcome
    return found


def separations_of(machine: Machine) -> Iterator[tuple[Separation, str, str]]:
    """Each rule of separation that this machine can break, in both orders: rule, what was done, what is wanted."""
    verbs: dict[str, list[str]] = {}
    for step in machine.steps:
        verbs.setdefault(step.permission, []).append(step.verb)
    for rule in SEPARATIONS:
        for done, wanted in ((rule.permission_a, rule.permission_b), (rule.permission_b, rule.permission_a)):
            for first in verbs.get(done, ()):
                for second in verbs.get(wanted, ()):
                    yield rule, first, second


def wrong_separations(desk: Desk, subject: models.Model, rights: Rights) -> dict[tuple[str, str], tuple[str, str]]:
    """Every pair of steps that one person may take although a rule keeps them apart, or that another may not."""
    machine, found = machine_of(type(subject)), {}
    for _, first, second in separations_of(machine):
        role = min(rights[second] - {"system"})
        source = machine.step(second).sources[0]
        same, other = somebody(role), somebody(role)
        force_state(subject, source)
        with transaction.atomic():
            remember(machine, subject, first, same)
            outcomes = tried(subject, second, same), tried(subject, second, other)
            transaction.set_rollback(True)
        if outcomes != ("separation_of_duty 403", MAY):
            found[first, second] = outcomes
    return found


def somebody(role: str) -> Actor:
    """A new person in a role, of 行政院 or of the treasury."""
    agency = Agency.objects.get(code=CABINET) if role in AGENCY_ROLES else None
    name = f"{role}-{User.objects.count()}"
    user = User.objects.create_user(name, agency_code=CABINET if agency else "", display_name=name)
    RoleAssignment.objects.create(user=user, role=role, agency=agency, valid_from_on=ON, granted_by="system")
    return Actor(user_id=user.pk, name=name, role=role, agency_code=user.agency_code)


def remember(machine: Machine, subject: models.Model, verb: str, actor: Actor) -> None:
    """Notes in the history that a person took a step, in whatever role that was."""
    step = machine.step(verb)
    History.objects.create(
        at=clock.now(),
        machine=machine.name,
        subject_id=subject.pk,
        verb=verb,
        source=step.sources[0],
        target=step.target,
        actor_id=actor.user_id,
        actor_name=actor.name,
        actor_role=actor.role,
    )
