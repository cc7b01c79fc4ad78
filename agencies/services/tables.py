"""Code tables that come as files: rehearsed first, then taken in by the treasury's administrator (B-3.1, B-15.1)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from django.db import transaction

from agencies.authority import authorize
from agencies.models import Agency, AgencyMode, BankBranch
from agencies.services.agencies import agency_import
from agencies.services.banks import bank_import
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.acts import act_remember
from treasury.core.errors import Problem
from treasury.core.importing import ImportResult
from treasury.core.rehearsal import Facts, Rehearsal, rehearsed
from treasury.ledger.selectors import budget_facts
from treasury.ledger.services import budget_import


@dataclass(frozen=True, slots=True)
class Table:
    """A code table: who may take it in, what stands in it, how a file is taken in, what the history calls it."""

    permission: str
    kind: str
    snapshot: Callable[[int], Facts]
    act: Callable[[Path, int], ImportResult]


def table_rehearse(*, table: str, path: Path, actor: Actor, fiscal_year: int = 0) -> Rehearsal:
    """What a file would change; nothing is stored. Problems: those of the import, `unknown_table` (404), 403."""
    known = _table(table, actor)
    return rehearsed(partial(known.snapshot, fiscal_year), partial(known.act, path, fiscal_year))


def table_import(*, table: str, path: Path, actor: Actor, seen: str, fiscal_year: int = 0) -> ImportResult:
    """Takes a file in, provided that it still changes what the rehearsal showed (`seen`: its digest).

    Problems: `seen_is_stale` (409), those of the import, `unknown_table` (404), 403.
    """
    known = _table(table, actor)
    with transaction.atomic():
        if table_rehearse(table=table, path=path, actor=actor, fiscal_year=fiscal_year).digest != seen:
            raise Problem("seen_is_stale", "the table has changed since the file was tried", status=409)
        result = known.act(path, fiscal_year)
        details = {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "created": result.created,
            "changed": result.changed,
            "closed": result.closed,
        }
        details |= {"fiscal_year": fiscal_year} if fiscal_year else {}
        act_remember(known.kind, fiscal_year, "import", actor=actor, details=details)
    return result


def _table(name: str, actor: Actor) -> Table:
    known = TABLES.get(name)
    if known is None:
        raise Problem("unknown_table", f"there is no table {name!r}", status=404)
    authorize(actor=actor, permission=known.permission, agency_code="", earlier=(), on=clock.today())
    return known


def _agencies(_: int) -> Facts:
    return {row["code"]: row for row in Agency.objects.values("code", "name", "kind")}


def _banks(_: int) -> Facts:
    columns = ("bank_code", "institution_name", "branch_name", "address")
    return {row["bank_code"]: row for row in BankBranch.objects.filter(valid_to_on__isnull=True).values(*columns)}


TABLES: Final = {
    "agencies": Table(
        "agencies.import_agencies",
        "agency_table",
        _agencies,
        # Whoever is new in the table begins to prepare.
        lambda path, _: agency_import(path=path, mode=AgencyMode.ONBOARDING),
    ),
    "banks": Table("agencies.import_banks", "bank_directory", _banks, lambda path, _: bank_import(path=path)),
    "budget": Table(
        "ledger.import_budget",
        "budget",
        budget_facts,
        lambda path, fiscal_year: budget_import(path=path, fiscal_year=fiscal_year),
    ),
}
