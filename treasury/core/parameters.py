"""The treasury's dated parameters: thresholds and switches that a law or a decision may change from a day on."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from treasury.core.errors import Problem
from treasury.core.models import Parameter

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
    path = PROFILES / f"{profile}.toml"
    if not path.exists():
        raise Problem("unknown_profile", f"there is no profile {profile}")
    values = tomllib.loads(path.read_text("utf-8"))
    for name, value in values.items():
        Parameter.objects.get_or_create(name=name, valid_from_on=_SINCE, defaults={"value": value})


def parameters_on(on: date) -> Parameters:
    """Every parameter in force on a day; Problem `not_set_up` when the books have no profile yet."""
    rows = Parameter.objects.filter(valid_from_on__lte=on).order_by("name", "valid_from_on")
    values: dict[str, Any] = {row.name: row.value for row in rows}
    if "profile" not in values:
        raise Problem("not_set_up", "these books have no profile yet")
    values["required_capacities"] = tuple(values["required_capacities"])
    return Parameters(**{name: values[name] for name in Parameters.__dataclass_fields__})
