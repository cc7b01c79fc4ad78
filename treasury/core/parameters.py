"""The treasury's dated parameters: thresholds and switches that a law or a decision may change from a day on."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from treasury.core import clock, steps
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem
from treasury.core.models import Parameter
from treasury.core.parameter_kinds import KINDS
from treasury.core.sql import execute

PROFILES = Path(__file__).parent / "profiles"
_SINCE = date(2011, 1, 1)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every parameter in force on one day (requirements section 3)."""

    profile: str
    petty_amount_twd: int
    crossing_threshold_twd: int
    crossing_reading: Literal["strict", "literal"]
    epay_limit_twd: int
    fisc_max_twd: int
    recovery_days: int
    cheque_valid_years: int
    required_capacities: tuple[str, ...]
    agent_bank: str
    statement_version: str
    reception_alert_minutes: int


def profile_seed(profile: str) -> None:
    """Stores the packaged values of a profile (`nta`, `taichung`) as the first of each parameter; idempotent."""
    for name, value in packaged(profile).items():
        Parameter.objects.get_or_create(name=name, valid_from_on=_SINCE, defaults={"value": value})


@cache
def packaged(profile: str) -> dict[str, Any]:
    """The values a profile comes with; Problem `unknown_profile`."""
    path = PROFILES / f"{profile}.toml"
    if not path.exists():
        raise Problem("unknown_profile", f"there is no profile {profile}")
    return tomllib.loads(path.read_text("utf-8"))


def parameters_on(on: date) -> Parameters:
    """Every parameter in force on a day; Problem `not_set_up` when the books have no profile yet.

    A parameter that a newer release brought is not in older books: there the value packaged with the profile holds
    until the treasury sets another.
    """
    rows = Parameter.objects.filter(valid_from_on__lte=on).order_by("name", "valid_from_on")
    values: dict[str, Any] = {row.name: row.value for row in rows}
    if "profile" not in values:
        raise Problem("not_set_up", "these books have no profile yet")
    values = packaged(values["profile"]) | values
    values["required_capacities"] = tuple(values["required_capacities"])
    return Parameters(**{name: values[name] for name in Parameters.__dataclass_fields__})


def parameter_set(*, name: str, text: str, from_on: date, actor: Actor, because: str) -> Parameter:
    """Sets a parameter from a future day on; nothing that is or was in force is ever edited.

    Problems: `unknown_parameter` (404), `parameter_fixed` (409), `bad_parameter`, `day_past`, `reason_missing`,
    `parameter_set_already` (409) for a second value from the same day, 403 when the actor may not.
    """
    steps.authorize(actor=actor, permission="core.set_parameter", agency_code="", earlier=())
    kind = KINDS.get(name)
    if kind is None:
        raise Problem("unknown_parameter", f"there is no parameter {name!r}", path="/name", status=404)
    if kind.is_fixed:
        raise Problem("parameter_fixed", f"{name} belongs to the installation", path="/name", status=409)
    if from_on <= clock.today():
        raise Problem("day_past", f"a value holds from a day to come, not from {from_on}", path="/from_on")
    if not because.strip():
        raise Problem("reason_missing", "say which decision sets the value", path="/because")
    value = kind.value_of(text)
    with transaction.atomic():
        # Two administrators setting the same day at once.
        execute("LOCK TABLE core_parameter IN SHARE ROW EXCLUSIVE MODE")
        if Parameter.objects.filter(name=name, valid_from_on=from_on).exists():
            detail = f"{name} has a value from {from_on} on already"
            raise Problem("parameter_set_already", detail, path="/from_on", status=409)
        row = Parameter.objects.create(name=name, valid_from_on=from_on, value=value)
        details = {"name": name, "from_on": from_on.isoformat(), "value": value}
        act_remember("parameter", row.pk, "set", actor=actor, because=because.strip(), details=details)
    return row
