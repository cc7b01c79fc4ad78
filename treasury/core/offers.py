"""Which steps a person may take on a subject, asked beforehand: what pages show as buttons and the API as actions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.core.steps import Step, authorize, machine_of

Earlier = Sequence[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that starts where a subject stands; `problem` says why the actor may not take it, None when they may."""

    step: Step
    problem: Problem | None

    @property
    def is_open(self) -> bool:
        """Whether the actor may take it now."""
        return self.problem is None


def offers(subject: Any, *, actor: Actor) -> tuple[Offer, ...]:
    """Every step from a subject's state with what `perform` would say of actor, role and separation of duty.

    Nothing is raised and nothing locked: the step itself asks again.
    """
    earlier = earlier_acts(type(subject), [subject.pk]).get(subject.pk, [])
    steps = machine_of(type(subject)).steps_from(subject.state)
    return tuple(
        Offer(step, refusal(actor=actor, permission=step.permission, subject=subject, earlier=earlier))
        for step in steps
    )


def step_check(subject: Any, verb: str, *, actor: Actor) -> None:
    """Raises what `perform` would (`wrong_state`, 403) before anything costly is done for a step; locks nothing.

    The step itself asks again.
    """
    step = machine_of(type(subject)).step(verb)
    if subject.state not in step.sources:
        raise Problem("wrong_state", f"{verb} is not possible in state {subject.state}", status=409)
    earlier = earlier_acts(type(subject), [subject.pk]).get(subject.pk, [])
    problem = refusal(actor=actor, permission=step.permission, subject=subject, earlier=earlier)
    if problem is not None:
        raise problem


def refusal(*, actor: Actor, permission: str, subject: Any, earlier: Earlier) -> Problem | None:
    """Why an actor may not use a permission on a subject, None when they may."""
    try:
        agency_code = getattr(subject, "agency_code", "")
        authorize(actor=actor, permission=permission, agency_code=agency_code, earlier=earlier)
    except Problem as problem:
        return problem
    return None


def earlier_acts(model: type[Any], ids: Iterable[int]) -> dict[int, list[tuple[str, int | None]]]:
    """(permission, user id) of every earlier step of many subjects by id, in one query; a birth counts as `create`."""
    machine = machine_of(model)
    rights = {step.verb: step.permission for step in machine.steps}
    rights["create"] = f"{next(iter(rights.values())).partition('.')[0]}.create_{machine.name}"
    rows = History.objects.filter(machine=machine.name, subject_id__in=list(ids), verb__in=list(rights))
    found: dict[int, list[tuple[str, int | None]]] = {}
    for subject_id, verb, user_id in rows.values_list("subject_id", "verb", "actor_id"):
        assert subject_id is not None
        found.setdefault(subject_id, []).append((rights[verb], user_id))
    return found
