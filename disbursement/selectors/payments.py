"""What waits to be paid: accepted vouchers with their due dates, the cash there is, the day's first equation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT

from disbursement.models import Acceptance, BankMessage, Cheque, PaymentInstruction
from disbursement.selectors.batches import Tally
from disbursement.selectors.desk import UNDECIDED
from treasury.core.sql import fetch_all
from treasury.ledger import chart
from treasury.ledger import selectors as ledger
from vouchers import selectors as vouchers

if TYPE_CHECKING:
    from vouchers.models import Voucher

UNPAID: Final = ("accepted", "postponed", "scheduled")
CHEQUE_METHODS: Final = ("cheque_self", "cheque_forward")

# Every revision that came in, was decided or waits on a day, each with what it said then.
_DAY = """
WITH touched AS (
    SELECT voucher_id, revision FROM disbursement_reception WHERE received_on = %(on)s
    UNION SELECT voucher_id, revision FROM disbursement_acceptance WHERE accepted_on = %(on)s
    UNION SELECT voucher_id, revision FROM disbursement_returnnotice WHERE returned_on = %(on)s
    UNION SELECT id, revision FROM vouchers_voucher WHERE state = ANY (%(undecided)s)
), told AS (
    SELECT r.received_on, a.accepted_on, n.returned_on,
        v.revision = t.revision AND v.state = ANY (%(undecided)s) AS is_waiting,
        CASE WHEN v.revision = t.revision THEN v.total_twd ELSE coalesce((
            SELECT (convert_from(b.body, 'UTF8')::jsonb->>'total_twd')::bigint
            FROM signing_signature AS s JOIN signing_signedbody AS b ON b.sha256 = s.body_id
            WHERE s.document_ref = v.agency_code || '/' || v.fiscal_year || '/' || v.number
                AND s.revision = t.revision LIMIT 1), v.total_twd) END AS twd
    FROM touched AS t JOIN vouchers_voucher AS v ON v.id = t.voucher_id
    JOIN disbursement_reception AS r ON r.voucher_id = t.voucher_id AND r.revision = t.revision
    LEFT JOIN disbursement_acceptance AS a ON a.voucher_id = t.voucher_id AND a.revision = t.revision
    LEFT JOIN disbursement_returnnotice AS n ON n.voucher_id = t.voucher_id AND n.revision = t.revision
)
SELECT count(*) FILTER (WHERE {carried}), coalesce(sum(twd) FILTER (WHERE {carried}), 0)::bigint,
    count(*) FILTER (WHERE {received}), coalesce(sum(twd) FILTER (WHERE {received}), 0)::bigint,
    count(*) FILTER (WHERE {accepted}), coalesce(sum(twd) FILTER (WHERE {accepted}), 0)::bigint,
    count(*) FILTER (WHERE {returned}), coalesce(sum(twd) FILTER (WHERE {returned}), 0)::bigint,
    count(*) FILTER (WHERE is_waiting), coalesce(sum(twd) FILTER (WHERE is_waiting), 0)::bigint
FROM told
""".format(
    carried="received_on < %(on)s AND coalesce(accepted_on, %(on)s) >= %(on)s"
    " AND coalesce(returned_on, %(on)s) >= %(on)s",
    received="received_on = %(on)s",
    accepted="accepted_on = %(on)s",
    returned="returned_on = %(on)s AND accepted_on IS NULL",
)


@dataclass(frozen=True, slots=True)
class DeskDay:
    """Today's vouchers: carried over + received = accepted + returned + waiting."""

    carried: Tally
    received: Tally
    accepted: Tally
    returned: Tally
    waiting: Tally

    @property
    def adds_up(self) -> bool:
        """Whether every voucher that came in is accounted for."""
        return self.carried + self.received == self.accepted + self.returned + self.waiting


@dataclass(frozen=True, slots=True)
class Cash:
    """The treasury's money, in TWD (B-26): what lies in the master account and what of it is spoken for.

    `told_at`: when the bank last sent a statement, None before the first.
    """

    master_twd: int
    in_transit_twd: int
    cheques_twd: int
    returned_twd: int
    owned_twd: int
    told_at: object

    @property
    def available_twd(self) -> int:
        """What may still be paid out."""
        return self.master_twd - self.in_transit_twd - self.cheques_twd - self.returned_twd

    @property
    def adds_up(self) -> bool:
        """Whether what is left is what the general fund and the funds own."""
        return self.available_twd == self.owned_twd


def desk_day(on: date) -> DeskDay:
    """The vouchers of today (`on`), in one statement; each revision counts with the amount it had."""
    (row,) = fetch_all(_DAY, {"on": on, "undecided": list(UNDECIDED)})
    return DeskDay(*(Tally(int(row[at]), int(row[at + 1])) for at in range(0, 10, 2)))


def cash() -> Cash:
    """How the money stands now, in two statements."""
    balances = ledger.money_balances()
    told = BankMessage.objects.filter(kind="camt.053").order_by("-pk").values_list("received_at", flat=True).first()
    return Cash(
        master_twd=balances[chart.MASTER_DEPOSIT],
        in_transit_twd=balances[chart.IN_TRANSIT],
        cheques_twd=balances[chart.CHEQUES_OUTSTANDING],
        returned_twd=balances[chart.RETURNED],
        owned_twd=balances[chart.GENERAL] + balances[chart.FUNDS],
        told_at=told,
    )


def unpaid() -> QuerySet[Voucher]:
    """Accepted, postponed and scheduled payments, oldest first, with `first_payee` and `accepted_at`."""
    latest = Acceptance.objects.filter(voucher_id=OuterRef("pk"), revision=OuterRef("revision"))
    rows = vouchers.vouchers_in(UNPAID).filter(kind="payment").select_related("agency")
    return rows.annotate(
        first_payee=KT("content__payee_lines__0__name"), accepted_at=Subquery(latest.values("accepted_at")[:1])
    )


def waiting(state: str) -> QuerySet[Voucher]:
    """Payments in one state, for counting."""
    return vouchers.vouchers_in([state]).filter(kind="payment")


def due_sums(on: date) -> dict[str, Tally]:
    """What is unpaid, by what it waits for: `to_schedule`, `to_begin`, `postponed`, `later` (its date has not come)."""
    is_due = Q(payable_on__lte=on)
    rows = vouchers.vouchers_in(UNPAID).filter(kind="payment").order_by()
    wanted = {
        "to_schedule": Q(state="accepted") & is_due,
        "to_begin": Q(state="scheduled") & is_due,
        "postponed": Q(state="postponed"),
        "later": ~Q(state="postponed") & ~is_due,
    }
    counts = {f"{name}_count": Count("pk", filter=one) for name, one in wanted.items()}
    sums = {f"{name}_twd": Sum("total_twd", filter=one) for name, one in wanted.items()}
    told = rows.aggregate(**counts, **sums)
    return {name: Tally(told[f"{name}_count"], told[f"{name}_twd"] or 0) for name in wanted}


def results_of(agency_code: str = "") -> QuerySet[Voucher]:
    """Vouchers whose payment has begun, the newest first; of one agency where it is given."""
    rows = vouchers.vouchers_in(["paying", "paid"]).filter(kind="payment").order_by("-pk").select_related("agency")
    rows = rows.annotate(first_payee=KT("content__payee_lines__0__name"))
    return rows.filter(agency_id=agency_code) if agency_code else rows


def fates_of_vouchers(ids: list[int]) -> dict[int, dict[str, Tally]]:
    """Of some vouchers what became of their lines, by `credited`, `returned` and `open`, in one statement."""
    names = {"credited": "credited"} | dict.fromkeys(
        ("returned_by_bank", "corrected", "returned_to_treasury"), "returned"
    )
    found = {pk: {"credited": Tally(), "returned": Tally(), "open": Tally()} for pk in ids}
    lines = PaymentInstruction.objects.filter(voucher_id__in=ids).order_by().values("voucher_id", "state")
    for row in lines.annotate(count=Count("pk"), total=Sum("amount_twd")):
        found[row["voucher_id"]][names.get(row["state"], "open")] += Tally(row["count"], row["total"])
    return found


def cheque_sums(voucher_id: int) -> dict[str, int]:
    """What a voucher's cheques come to: `unpaid`, `cleared`, `cancelled`."""
    found = {"unpaid": 0, "cleared": 0, "cancelled": 0}
    rows = Cheque.objects.filter(voucher_id=voucher_id).order_by().values("state").annotate(total=Sum("amount_twd"))
    for row in rows:
        name = row["state"] if row["state"] in found else "unpaid"
        found[name] += row["total"] or 0
    return found
