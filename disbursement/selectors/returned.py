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
    rows = came_back(agency_code).filter(state__in=OPEN).order_by().values("state")
    told = {row["state"]: Tally(row["count"], row["total"]) for row in _summed(rows)}
    return {state: told.get(state, Tally()) for state in OPEN}


def _summed(rows: QuerySet[PaymentInstruction]) -> QuerySet[PaymentInstruction]:
    return rows.annotate(count=Count("pk"), total=Sum("amount_twd"))
