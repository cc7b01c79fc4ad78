"""What the rules say of many vouchers at once, so that a queue shows where an examiner will have to look (B-23)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from disbursement.models import FindingPreview
from disbursement.selectors import desk
from disbursement.services.examination import Examination
from treasury.core import clock
from treasury.ledger import selectors as ledger
from vouchers import selectors as vouchers
from vouchers.facts import VoucherFacts
from vouchers.rules import check_entry, check_examination
from vouchers.rules.worlds import ExaminationWorld

if TYPE_CHECKING:
    from vouchers.models import Voucher

# So many are looked at in one go, and again when it is so long ago.
AT_ONCE: Final = 500
STALE_AFTER: Final = timedelta(minutes=10)


def vouchers_preview(rows: Sequence[Voucher]) -> dict[int, Examination]:
    """The findings of many vouchers that come with their content, by voucher id; a fixed number of statements a year.

    A look ahead, not the examination: that reads the signed bytes and comes with the decision.
    """
    if not rows:
        return {}
    tables = vouchers.EntryTables(clock.today())
    facts = {
        row.pk: VoucherFacts.from_content(row.content, agency_code=row.agency_code, fiscal_year=row.fiscal_year)
        for row in rows
    }
    found = {
        pk: check_entry(one, tables.world(fiscal_year=one.fiscal_year, number_taken=False)) for pk, one in facts.items()
    }
    clean = [row for row in rows if not found[row.pk]]
    worlds = _worlds(clean, {row.pk: facts[row.pk] for row in clean}, tables) if clean else {}
    found |= {pk: check_examination(facts[pk], world) for pk, world in worlds.items()}
    return {pk: Examination(findings) for pk, findings in found.items()}


def previews_keep(rows: QuerySet[Voucher]) -> int:
    """Looks ahead at the oldest of some vouchers that nobody has looked ahead at, and keeps what was found, for the
    queue to be narrowed by; returns how many."""
    return _keep(list(desk.vouchers_unjudged(rows).order_by("pk").defer(None)[:AT_ONCE]))


def previews_refresh() -> int:
    """The same for the whole desk, then again for what was looked at longest ago: balances and tables have moved on
    since. What has been decided is forgotten. Returns how many were looked at."""
    count = previews_keep(vouchers.vouchers_in(desk.UNDECIDED))
    stale = FindingPreview.objects.filter(judged_at__lt=clock.now() - STALE_AFTER).order_by("judged_at")
    ids = list(stale.values_list("pk", flat=True)[: AT_ONCE - count])
    rows = list(vouchers.vouchers_in(desk.UNDECIDED, ids=ids).defer(None)) if ids else []
    FindingPreview.objects.filter(pk__in=set(ids) - {row.pk for row in rows}).delete()
    return count + _keep(rows)


def _keep(rows: Sequence[Voucher]) -> int:
    found, now = vouchers_preview(rows), clock.now()
    made = [
        FindingPreview(
            voucher_id=row.pk, revision=row.revision, has_findings=bool(found[row.pk].findings), judged_at=now
        )
        for row in rows
    ]
    FindingPreview.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["voucher"],
        update_fields=["revision", "has_findings", "judged_at"],
    )
    return len(made)


def _worlds(
    rows: Sequence[Voucher], facts: Mapping[int, VoucherFacts], tables: vouchers.EntryTables
) -> dict[int, ExaminationWorld]:
    """What the examination rules look at, for vouchers without entry findings."""
    codes: dict[int, set[str]] = {}
    for one in facts.values():
        codes.setdefault(one.fiscal_year, set()).update(one.draws_twd())
    available = {year: ledger.available(year, wanted) for year, wanted in codes.items()}
    funds = ledger.fund_available({code for one in facts.values() for code in one.fund_draws_twd()})
    cases = ledger.cases({(one.agency_code, one.advance_case) for one in facts.values() if one.advance_case})
    originals = vouchers.originals_of_each(rows)
    return {
        pk: ExaminationWorld(
            accounts=tables.accounts(one.fiscal_year),
            available_twd=available[one.fiscal_year],
            fund_available_twd=funds,
            case=cases.get((one.agency_code, one.advance_case or "")) if one.is_advance else None,
            originals=originals[pk],
        )
        for pk, one in facts.items()
    }
