"""State machines as tables of steps, and the one function that takes a step.

The table feeds django-fsm-2's transitions, the PostgreSQL triggers that refuse any other edge, the buttons, the API's
actions and docs/states.md. django-fsm-2 ignores a transition's permission when it is called; `perform` does not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string
from django_fsm import transition

from treasury.core import clock, outbox, set_steps
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.models import History

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Step:
    """One edge, or several with the same target: what is done, from where, to where, by whose right."""

    verb: str
    sources: tuple[str, ...]
    target: str
    permission: str
    title_zh: str
    title_en: str
    event: str = ""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """A named table of steps. `initial` lists the states in which a row may be born."""

    name: str
    title_zh: str
    initial: tuple[str, ...]
    states: Mapping[str, tuple[str, str]]
    steps: tuple[Step, ...]

    def step(self, verb: str) -> Step:
        """The step of a verb; KeyError when the machine has none."""
        for step in self.steps:
            if step.verb == verb:
                return step
        raise KeyError(f"{self.name} knows no step {verb}")

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """The steps that may be taken from a state, in the table's order."""
        return tuple(step for step in self.steps if state in step.sources)

    def edges(self) -> list[tuple[str, str]]:
        """Every permitted change of state, sorted; a step that stays where it is changes none."""
        taken = {(source, step.target) for step in self.steps for source in step.sources}
        return sorted(edge for edge in taken if edge[0] != edge[1])

    def triggers(self) -> list[pgtrigger.Trigger]:
        """The PostgreSQL side: no other edge, no birth in another state.

        The tables stand in the triggers' conditions, so that a permitted step calls no function for each row.
        """
        edges = ", ".join(f"'{source}>{target}'" for source, target in self.edges())
        born = ", ".join(f"'{state}'" for state in self.initial)
        return [
            pgtrigger.Trigger(
                name="state_edges",
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"OLD.state IS DISTINCT FROM NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({edges})"
                ),
                func=f"RAISE EXCEPTION 'a {self.name} does not go from % to %', OLD.state, NEW.state;",
            ),
            pgtrigger.Trigger(
                name="state_at_birth",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(f"NEW.state NOT IN ({born})"),
                func=f"RAISE EXCEPTION 'a {self.name} is not born in state %', NEW.state;",
            ),
        ]


_machines: dict[type[models.Model], Machine] = {}


def governed_by(machine: Machine) -> Callable[[type[M]], type[M]]:
    """Class decorator: gives a model with a protected FSMField `state` the transitions of a machine."""

    def decorate(model: type[M]) -> type[M]:
        field: Any = model._meta.get_field("state")
        for step in machine.steps:

            def method(self: models.Model) -> None:
                """Taken only through perform()."""

            method.__name__ = step.verb
            setattr(
                model,
                step.verb,
                transition(field=field, source=list(step.sources), target=step.target, permission=step.permission)(
                    method
                ),
            )
        _machines[model] = machine
        return model

    return decorate


def machine_of(model: type[models.Model]) -> Machine:
    """The machine that governs a model."""
    return _machines[model]


def machines() -> Mapping[type[models.Model], Machine]:
    """Every governed model with its machine."""
    return dict(_machines)


def authorize(*, actor: Actor, permission: str, agency_code: str, earlier: Iterable[tuple[str, int | None]]) -> None:
    """Asks the authority named in the settings; Problem 403 when the actor may not."""
    check = import_string(settings.STEP_AUTHORITY)
    check(actor=actor, permission=permission, agency_code=agency_code, earlier=earlier, on=clock.today())


def perform(
    subject: M,
    verb: str,
    *,
    actor: Actor,
    because: str = "",
    details: dict[str, Any] | None = None,
    change: Mapping[str, Any] | None = None,
) -> M:
    """Takes one step in one transaction: lock, check state, role and separation of duty, move, remember, tell.

    `change` holds fields set together with the state. Returns the fresh row. Problem `wrong_state` (409) when the
    step does not start where the row stands, 403 when the actor may not take it.
    """
    model = type(subject)
    machine = _machines[model]
    step = machine.step(verb)
    with transaction.atomic():
        row = model._default_manager.select_for_update().defer(*_heavy(model)).get(pk=subject.pk)
        source = row.state  # type: ignore[attr-defined]
        _require_source(machine, step, source)
        authorize(
            actor=actor,
            permission=step.permission,
            agency_code=getattr(row, "agency_code", ""),
            earlier=_earlier(machine, row.pk),
        )
        getattr(row, verb)()
        for name, value in (change or {}).items():
            setattr(row, name, value)
        row.save(update_fields=["state", *(change or {})])
        _remember(machine, step, actor, source, because, details, subject_id=row.pk)
        if step.event:
            outbox.record(step.event, subject_id=row.pk)
    return row


def perform_many(
    rows: models.QuerySet[M],
    verb: str,
    *,
    actor: Actor,
    because: str = "",
    details: dict[str, Any] | None = None,
    change: Mapping[str, Any] | None = None,
) -> int:
    """Takes one step for every row of a query in a fixed number of statements; returns how many moved.

    Rows that stand elsewhere than in a source of the step are left alone. One history row per source state lists
    the subjects. The step may not have an event of its own (the caller tells of the set).
    """
    machine = _machines[rows.model]
    step = machine.step(verb)
    moved = 0
    with transaction.atomic():
        authorize(actor=actor, permission=step.permission, agency_code="", earlier=())
        for source in step.sources:
            memory = _memory(machine, step, actor, source, because, details)
            moved += set_steps.move(rows.filter(state=source), {"state": step.target, **(change or {})}, memory)
    return moved


def born(subject: models.Model, *, actor: Actor, details: dict[str, Any] | None = None) -> None:
    """Remembers the birth of a row in the caller's transaction, so that its state can be derived from the history."""
    machine = _machines[type(subject)]
    step = Step("create", ("",), subject.state, "", "", "")  # type: ignore[attr-defined]
    _remember(machine, step, actor, "", "", details, subject_id=subject.pk)


def took_part(subject: models.Model, verb: str, *, actor: Actor) -> None:
    """Remembers, for separation of duty, who else had a hand in a step that leaves a row where it stands."""
    machine, state = _machines[type(subject)], subject.state  # type: ignore[attr-defined]
    _require_source(machine, machine.step(verb), state)
    _remember(machine, machine.step(verb), actor, state, "", None, subject_id=subject.pk)


def born_many(rows: models.QuerySet[Any], *, actor: Actor, details: dict[str, Any] | None = None) -> None:
    """Remembers the birth of every row of a query at once, all in the machine's first initial state."""
    machine = _machines[rows.model]
    step = Step("create", ("",), machine.initial[0], "", "", "")
    set_steps.remember(rows, _memory(machine, step, actor, "", "", details))


def born_by(
    model: type[models.Model],
    insert: str,
    params: Sequence[Any],
    *,
    actor: Actor,
    details: dict[str, Any] | None = None,
) -> int:
    """Bears rows by one `INSERT ... RETURNING id` that remembers them as well; returns how many.

    All stand in the machine's first initial state.
    """
    machine = _machines[model]
    step = Step("create", ("",), machine.initial[0], "", "", "")
    return set_steps.bear(insert, list(params), _memory(machine, step, actor, "", "", details))


def born_each(model: type[models.Model], ids: Sequence[int], *, actor: Actor) -> None:
    """Remembers the birth of many rows, one history row for each, in one statement."""
    machine = _machines[model]
    step = Step("create", ("",), machine.initial[0], "", "", "")
    History.objects.bulk_create(_memory(machine, step, actor, "", "", {}, subject_id=pk) for pk in ids)


@cache
def _heavy(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that a step has no use for: documents and messages may be megabytes."""
    kinds = (models.JSONField, models.BinaryField)
    return tuple(field.name for field in model._meta.concrete_fields if isinstance(field, kinds))


def _require_source(machine: Machine, step: Step, source: str) -> None:
    if source not in step.sources:
        raise Problem("wrong_state", f"{machine.name}: {step.verb} is not possible in state {source}", status=409)


def _earlier(machine: Machine, subject_id: int) -> list[tuple[str, int | None]]:
    """(permission, user id) of every earlier step of a subject; its birth counts as `create`."""
    rights = {step.verb: step.permission for step in machine.steps}
    app = next(iter(rights.values())).partition(".")[0]
    rights["create"] = f"{app}.create_{machine.name}"
    rows = History.objects.filter(machine=machine.name, subject_id=subject_id)
    return [(rights[verb], user) for verb, user in rows.values_list("verb", "actor_id") if verb in rights]


def _remember(
    machine: Machine,
    step: Step,
    actor: Actor,
    source: str,
    because: str,
    details: dict[str, Any] | None,
    **subjects: Any,
) -> None:
    _memory(machine, step, actor, source, because, details, **subjects).save(force_insert=True)


def _memory(
    machine: Machine,
    step: Step,
    actor: Actor,
    source: str,
    because: str,
    details: dict[str, Any] | None,
    **subjects: Any,
) -> History:
    """An unsaved history row; `subjects` is either subject_id or subject_ids."""
    return History(
        at=clock.now(),
        machine=machine.name,
        verb=step.verb,
        source=source,
        target=step.target,
        because=because,
        details=details or {},
        **actor.remembered,
        **subjects,
    )
