"""Lines that came back from the bank, and what became of their money."""

from django.db.models import Count, QuerySet, Sum

from disbursement.models import PaymentInstruction
from disbursement.selectors.batches import Tally

CAME_BACK = ("returned_by_bank", "corrected", "returned_to_treasury")
OPEN = ("returned_by_bank", "corrected")


def came_back(agency_code: str = "") -> QuerySet[PaymentInstruction]:
    """Lines with a return code, oldest first: open ones and those given back; of one agency where it is given."""
    rows = PaymentInstruction.objects.exclude(return_code="").filter(state__in=CAME_BACK).order_by("pk")
    rows = rows.select_related("voucher__agency").defer("voucher__content")
    return rows.filter(voucher__agency_id=agency_code) if agency_code else rows


def sums(agency_code: str = "") -> dict[str, Tally]:
    """The open ones by state, in one statement."""
    return _by_state(came_back(agency_code))


def money_back() -> dict[str, Tally]:
    """The open ones whose money is with the treasury, by state: what account 2103 holds."""
    return _by_state(came_back().filter(returned_on__isnull=False))


def _by_state(rows: QuerySet[PaymentInstruction]) -> dict[str, Tally]:
    grouped = rows.filter(state__in=OPEN).order_by().values("state")
    summed = grouped.annotate(count=Count("pk"), total=Sum("amount_twd"))
    told = {row["state"]: Tally(row["count"], row["total"]) for row in summed}
    return {state: told.get(state, Tally()) for state in OPEN}
