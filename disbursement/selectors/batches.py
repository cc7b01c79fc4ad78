"""Reading remittance runs: their lines summed up, and why one has not reached the bank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet, Sum

from disbursement.models import InstructionAttempt, PaymentInstruction, RemittanceBatch
from treasury.core.models import OutboxEvent

CREDITED = ("credited",)
RETURNED = ("returned_by_bank", "corrected", "returned_to_treasury")


@dataclass(frozen=True, slots=True)
class Tally:
    """So many lines worth so much."""

    count: int = 0
    amount_twd: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.count + other.count, self.amount_twd + other.amount_twd)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the lines of a batch: sent = credited + returned + open."""

    sent: Tally
    credited: Tally
    returned: Tally
    unknown: Tally

    @property
    def adds_up(self) -> bool:
        """Whether every line is accounted for."""
        return self.sent == self.credited + self.returned + self.unknown


@dataclass(frozen=True, slots=True)
class Refusal:
    """The last try to bring a batch to the bank failed: with which words, how often, when the next try is due."""

    words: str
    is_refused: bool
    attempts: int
    due_at: datetime


def batches() -> QuerySet[RemittanceBatch]:
    """Every batch without what was sent, the newest first."""
    return RemittanceBatch.objects.defer("message", "roster").order_by("-pk")


def fates_of(batches: Sequence[RemittanceBatch]) -> dict[int, Fate]:
    """What became of the lines of some batches, in two statements; a line sent again came back in its first batch."""
    ids = [batch.pk for batch in batches]
    if not ids:
        return {}
    tallies: dict[tuple[int, str], Tally] = {}
    lines = PaymentInstruction.objects.filter(batch_id__in=ids, batch_id__gte=min(ids), batch_id__lte=max(ids))
    for row in lines.order_by().values("batch_id", "state").annotate(count=Count("pk"), total=Sum("amount_twd")):
        tallies[row["batch_id"], row["state"]] = Tally(row["count"], row["total"])
    gone = _attempts(ids)
    return {batch.pk: _fate(batch, tallies, gone.get(batch.pk, Tally())) for batch in batches}


def _attempts(ids: Sequence[int]) -> dict[int, Tally]:
    """Lines that came back in a batch and have left it since; an attempt whose name the line still bears is the line
    itself."""
    rows = InstructionAttempt.objects.filter(batch_id__in=ids).exclude(end_to_end_id=F("instruction__end_to_end_id"))
    sums = rows.order_by().values("batch_id").annotate(count=Count("pk"), total=Sum("instruction__amount_twd"))
    return {row["batch_id"]: Tally(row["count"], row["total"]) for row in sums}


def _fate(batch: RemittanceBatch, tallies: dict[tuple[int, str], Tally], again: Tally) -> Fate:
    def of(states: Iterable[str]) -> Tally:
        return sum((tallies.get((batch.pk, state), Tally()) for state in states), Tally())

    states = {state for pk, state in tallies if pk == batch.pk}
    return Fate(
        sent=Tally(batch.line_count, batch.total_twd),
        credited=of(CREDITED),
        returned=of(RETURNED) + again,
        unknown=of(states.difference(CREDITED, RETURNED)),
    )


def lines_of(batch: RemittanceBatch) -> QuerySet[PaymentInstruction]:
    """The lines of a batch in order, with their vouchers."""
    rows = PaymentInstruction.objects.filter(batch_id=batch.pk).order_by("pk")
    return rows.select_related("voucher").defer("voucher__content")


def attempts_in(batch: RemittanceBatch) -> QuerySet[InstructionAttempt]:
    """The lines that came back in a batch and were sent again, or are about to be."""
    rows = InstructionAttempt.objects.filter(batch=batch).exclude(end_to_end_id=F("instruction__end_to_end_id"))
    return rows.select_related("instruction__voucher").defer("instruction__voucher__content").order_by("pk")


def delivery_of(batch: RemittanceBatch) -> Refusal | None:
    """Why a batch that waits has not reached the bank; None while nothing has gone wrong."""
    if batch.state not in ("built", "unknown"):
        return None
    return deliveries_of([batch]).get(batch.pk)


def deliveries_of(batches: Iterable[RemittanceBatch]) -> dict[int, Refusal]:
    """The failed tries of some batches by their ids, in one statement over what is not done."""
    ids = [batch.pk for batch in batches if batch.state in ("built", "unknown")]
    if not ids:
        return {}
    rows = OutboxEvent.objects.filter(done_at__isnull=True, topic="RemittanceBatchBuilt", payload__batch_id__in=ids)
    return {
        row.payload["batch_id"]: Refusal(_words(row), _is_refused(row), row.attempts, row.due_at)
        for row in rows
        if row.attempts
    }


def refusal_of(batch: RemittanceBatch) -> Refusal | None:
    """The bank's refusal of a batch that is still ours; None when there is none, or its fate is not certain."""
    found = delivery_of(batch)
    return found if found is not None and found.is_refused and batch.state == "built" else None


def ready() -> dict[str, Tally]:
    """What is ready to be sent and in no batch, by network."""
    rows = PaymentInstruction.objects.filter(batch__isnull=True, state="ready").order_by().values("network")
    sums = rows.annotate(count=Count("pk"), total=Sum("amount_twd"))
    return {row["network"]: Tally(row["count"], row["total"]) for row in sums}


def _words(event: OutboxEvent) -> str:
    return event.last_error.partition(": ")[2] or event.last_error


def _is_refused(event: OutboxEvent) -> bool:
    return event.last_error.startswith("BankRefused:")
