"""Taking in the directory of banks and branches (facts 4.3)."""

from collections.abc import Hashable
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from agencies.models import BankBranch
from treasury.core import clock
from treasury.core.csvfiles import row_problem
from treasury.core.importing import ImportResult, Row, rows_of
from treasury.core.sql import copy_rows, execute

INSTITUTION: Final = "銀行代號/總機構代碼"
BRANCH: Final = "分支機構代號"
INSTITUTION_NAME: Final = "金融機構名稱"
BRANCH_NAME: Final = "分支機構名稱"
ADDRESS: Final = "地址"
COLUMNS: Final = (INSTITUTION, BRANCH, INSTITUTION_NAME, BRANCH_NAME, ADDRESS)

_ONE_DAY: Final = timedelta(days=1)


class Listed(NamedTuple):
    """What the directory says of a branch."""

    institution_name: str
    branch_name: str
    address: str


def bank_import(*, path: Path | str, on: date | None = None) -> ImportResult:
    """Brings the bank directory to the state of a CSV file, which lists all branches there are.

    A branch the file no longer lists is closed: its last day is the one before `on` (default: today). One
    that comes back is open again, from `on` if it was away for a day or more. Rows without a branch code
    are the institutions themselves and no bank codes. A bad row is a Problem that names its line, and
    nothing is stored.
    """
    day = on or clock.today()
    listed = _read(Path(path))
    with transaction.atomic():
        # Two imports at once would both find a branch missing.
        execute("LOCK TABLE agencies_bankbranch IN SHARE ROW EXCLUSIVE MODE")
        latest = {row.bank_code: row for row in BankBranch.objects.order_by("id")}
        back = {code for code in listed if code in latest and _was_away(latest[code], day)}
        changed = [
            latest[code]
            for code, facts in listed.items()
            if code in latest and code not in back and _take(latest[code], facts)
        ]
        new = [
            (code, code[:3], *facts, day if code in back else None, "")
            for code, facts in listed.items()
            if code not in latest or code in back
        ]
        copy_rows(BankBranch._meta.db_table, _COPIED, new)
        _store(changed)
        closed = _close([row.pk for code, row in latest.items() if code not in listed], day)
    unchanged = len(listed) - len(new) - len(changed)
    return ImportResult(created=len(new), changed=len(changed), unchanged=unchanged, closed=closed)


_COPIED: Final = (
    "bank_code",
    "institution_code",
    "institution_name",
    "branch_name",
    "address",
    "valid_from_on",
    "successor_code",
)


def _read(path: Path) -> dict[str, Listed]:
    """The branches by bank code, in the order of the file."""
    listed: dict[str, Listed] = {}
    for row in rows_of(path, COLUMNS, key=_key, key_column=BRANCH):
        institution = row.matching(INSTITUTION, r"[0-9]{3}", "3 digits")
        name = row.text(INSTITUTION_NAME, 60)
        branch = row.matching(BRANCH, r"([0-9]{4})?", "4 digits or empty")
        if branch:
            listed[institution + branch] = Listed(
                institution_name=name,
                branch_name=row.text(BRANCH_NAME, 60),
                address=row.text(ADDRESS, 120, may_be_empty=True),
            )
    if not listed:
        # An empty directory would close every branch there is.
        raise row_problem(1, "the directory lists no branch", file=path.name)
    return listed


def _key(row: Row) -> Hashable:
    """What must differ between rows: the code of a branch; the rows of institutions may repeat."""
    return row.values[INSTITUTION] + row.values[BRANCH] if row.values[BRANCH] else row.line_no


def _was_away(row: BankBranch, day: date) -> bool:
    """Whether a branch had been closed for at least one day before it is listed again."""
    return row.valid_to_on is not None and row.valid_to_on + _ONE_DAY < day


def _take(row: BankBranch, facts: Listed) -> bool:
    """Sets what differs and opens a closed branch; says whether anything changed."""
    if row.valid_to_on is None and facts == (row.institution_name, row.branch_name, row.address):
        return False
    row.institution_name, row.branch_name, row.address = facts
    row.valid_to_on = None
    return True


def _store(rows: list[BankBranch]) -> None:
    """Writes changed branches in one statement for thousands."""
    BankBranch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["institution_name", "branch_name", "address", "valid_to_on"],
        batch_size=5000,
    )


def _close(ids: list[int], day: date) -> int:
    """Closes branches that are still open; a branch opened on the day itself keeps that one day."""
    last_day = day - _ONE_DAY
    return BankBranch.objects.filter(pk__in=ids, valid_to_on__isnull=True).update(
        valid_to_on=Greatest(Coalesce(F("valid_from_on"), last_day), last_day)
    )
