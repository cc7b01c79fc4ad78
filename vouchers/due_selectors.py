"""Reading which vouchers have come to their day and still lie with an agency or with the treasury."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from django.db.models import QuerySet

from vouchers import selectors
from vouchers.models import DUE_STATES, Voucher

COUNTED_MAX: Final = 1000
# Those in the hands of an agency, and those in the treasury's: whose day it is to watch.
AT_AGENCY: Final = (
    *("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "returned"),
    *("printed", "paper_signed"),
)
AT_TREASURY: Final = tuple(state for state in DUE_STATES if state not in AT_AGENCY)


class DueCounts(NamedTuple):
    """How many are past their day and how many come to it today, each counted up to COUNTED_MAX."""

    overdue: int
    today: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.overdue + self.today


def due_counts(agency_code: str, states: Sequence[str], today: date) -> DueCounts:
    """How many vouchers in the states (of an agency, empty: of all) are due; two queries."""
    rows = _due(agency_code, states)
    overdue = rows.filter(payable_on__lt=today)[:COUNTED_MAX].count()
    return DueCounts(overdue, rows.filter(payable_on=today)[:COUNTED_MAX].count())


def vouchers_due(agency_code: str, states: Sequence[str], today: date, *, most: int) -> QuerySet[Voucher]:
    """The vouchers in the states that are due today or before, the longest due first."""
    rows = selectors.vouchers_listed(agency_code).filter(state__in=list(states), payable_on__lte=today)
    return rows.order_by("payable_on", "pk")[:most]


def _due(agency_code: str, states: Sequence[str]) -> QuerySet[Voucher]:
    return selectors.vouchers_listed(agency_code).filter(state__in=list(states)).order_by()
