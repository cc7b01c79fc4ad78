"""Taking in the table of agencies (B-3.1)."""

from pathlib import Path
from typing import Final

from django.db import transaction

from agencies.models import Agency, AgencyKind, AgencyMode
from treasury.core.importing import ImportResult, rows_of
from treasury.core.sql import execute

COLUMNS: Final = ("agency_code", "name", "kind")


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


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Name and kind by agency code, in the order of the file."""
    given: dict[str, dict[str, str]] = {}
    for row in rows_of(path, COLUMNS, key=lambda row: row.values["agency_code"], key_column="agency_code"):
        code = row.matching("agency_code", r"[0-9A-Za-z-]{1,20}", "1 to 20 letters, digits or hyphens")
        kind = row.matching("kind", "|".join(AgencyKind.values), " or ".join(AgencyKind.values))
        given[code] = {"name": row.text("name", 100), "kind": kind}
    return given


def _take(agency: Agency, facts: dict[str, str]) -> bool:
    """Sets what differs; says whether anything did."""
    if (agency.name, agency.kind) == (facts["name"], facts["kind"]):
        return False
    agency.name, agency.kind = facts["name"], facts["kind"]
    return True
