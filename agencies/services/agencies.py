"""Agencies: one by one and by the table that the accounting office sends (B-3.1)."""

import re
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from agencies import readiness
from agencies.authority import authorize
from agencies.models import Agency, AgencyKind, AgencyMode
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem
from treasury.core.importing import ImportResult, rows_of
from treasury.core.sql import execute

COLUMNS: Final = ("agency_code", "name", "kind")
_CODE: Final = r"[0-9A-Za-z-]{1,20}"


def agency_import(*, path: Path | str, mode: str = AgencyMode.LIVE) -> ImportResult:
    """Makes or changes the agencies of a CSV file (`agency_code`, `name`, `kind`); others stay as they are.

    New agencies begin in `mode`, known ones keep theirs. A bad row is a Problem that names its line, and
    nothing is stored.
    """
    given = _read(Path(path))
    with transaction.atomic():
        # Two imports at once would both find an agency missing.
        execute("LOCK TABLE agencies_agency IN SHARE ROW EXCLUSIVE MODE")
        known = Agency.objects.in_bulk(list(given), field_name="code")
        new = [Agency(code=code, mode=mode, **facts) for code, facts in given.items() if code not in known]
        changed = [row for code, row in known.items() if _take(row, given[code])]
        Agency.objects.bulk_create(new)
        Agency.objects.bulk_update(changed, ["name", "kind"], batch_size=500)
    return ImportResult(created=len(new), changed=len(changed), unchanged=len(known) - len(changed))


def agency_register(*, code: str, name: str, kind: str, mode: str = AgencyMode.LIVE) -> Agency:
    """Registers one agency; one that is known stays as it is (B-3.1)."""
    agency, _ = Agency.objects.get_or_create(code=code, defaults={"name": name, "kind": kind, "mode": mode})
    return agency


def agency_create(*, code: str, name: str, kind: str, actor: Actor) -> Agency:
    """Enters an agency that begins to prepare (A-2.2, B-3.1).

    Problems: `bad_code`, `bad_name`, `bad_kind`, `agency_known` (409), 403 when the actor may not.
    """
    _authorize(actor, code)
    if not re.fullmatch(_CODE, code):
        raise Problem("bad_code", f"{code!r}: a code has 1 to 20 letters, digits or hyphens", path="/code")
    _require_facts(name, kind)
    with transaction.atomic():
        agency, is_new = Agency.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})
        if not is_new:
            raise Problem("agency_known", f"there is an agency {code} already", path="/code", status=409)
        act_remember("agency", agency.pk, "create", actor=actor, details={"code": code, "name": name, "kind": kind})
    return agency


def agency_change(
    *, code: str, name: str, kind: str, mode: str, actor: Actor, because: str = "", letter_no: str = ""
) -> Agency:
    """Changes an agency's name, kind or mode, and keeps what it was (A-2.5, A-2.6).

    The mode goes forward by one: preparing, parallel test, live. Going live takes the number of the treasury's
    letter and nothing of the checklist left open (`readiness.missing`). Problems: `unknown_agency` (404), `bad_name`,
    `bad_kind`, `wrong_mode` (409), `not_ready` (409), `letter_missing`, 403 when the actor may not.
    """
    _authorize(actor, code)
    _require_facts(name, kind)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().filter(code=code).first()
        if agency is None:
            raise Problem("unknown_agency", f"there is no agency {code!r}", status=404)
        if mode != agency.mode:
            _require_next_mode(agency, mode, letter_no)
        given = {"name": name, "kind": kind, "mode": mode}
        before = {field: getattr(agency, field) for field, value in given.items() if getattr(agency, field) != value}
        if before:
            for field in before:
                setattr(agency, field, given[field])
            agency.save(update_fields=list(before))
            details: dict[str, Any] = {"before": before, "after": {field: given[field] for field in before}}
            details |= {"letter_no": letter_no} if letter_no else {}
            act_remember("agency", agency.pk, "change", actor=actor, because=because, details=details)
    return agency


def _authorize(actor: Actor, code: str) -> None:
    authorize(actor=actor, permission="agencies.change_agency", agency_code=code, earlier=(), on=clock.today())


def _require_facts(name: str, kind: str) -> None:
    if not name or name != name.strip() or len(name) > 100 or not name.isprintable():
        raise Problem("bad_name", f"{name!r}: a name has 1 to 100 visible characters", path="/name")
    if kind not in AgencyKind.values:
        raise Problem("bad_kind", f"{kind!r} is no kind of agency", path="/kind")


def _require_next_mode(agency: Agency, mode: str, letter_no: str) -> None:
    """One mode forward, and live only when nothing is missing."""
    order = AgencyMode.values
    if mode not in order or order.index(mode) != order.index(agency.mode) + 1:
        raise Problem("wrong_mode", f"an agency does not go from {agency.mode} to {mode}", path="/mode", status=409)
    if mode == AgencyMode.LIVE:
        missing = readiness.missing(agency.code, clock.today())
        if missing:
            raise Problem("not_ready", "; ".join(one.title_en for one in missing), path="/mode", status=409)
        if not letter_no:
            raise Problem("letter_missing", "the letter that announces the day is needed", path="/letter_no")


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Name and kind by agency code, in the order of the file."""
    given: dict[str, dict[str, str]] = {}
    for row in rows_of(path, COLUMNS, key=lambda row: row.values["agency_code"], key_column="agency_code"):
        code = row.matching("agency_code", _CODE, "1 to 20 letters, digits or hyphens")
        kind = row.matching("kind", "|".join(AgencyKind.values), " or ".join(AgencyKind.values))
        given[code] = {"name": row.text("name", 100), "kind": kind}
    return given


def _take(agency: Agency, facts: dict[str, str]) -> bool:
    """Sets what differs; says whether anything did."""
    if (agency.name, agency.kind) == (facts["name"], facts["kind"]):
        return False
    agency.name, agency.kind = facts["name"], facts["kind"]
    return True
