"""The invariants of paying, each as a query that finds the first voucher that breaks it."""

import json
from collections.abc import Iterator

from disbursement.models import Reconciliation
from disbursement.services.paper import SEALS
from treasury.core import clock
from treasury.core.invariants import Violation
from treasury.core.parameters import parameters_on
from treasury.core.sql import fetch_all
from treasury.ledger import selectors as ledger

_SUMS = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v,
LATERAL (SELECT
    coalesce(sum((line->>'amount_twd')::bigint) FILTER (WHERE coalesce(line->>'side', '') <> 'credit'), 0) AS debit,
    coalesce(sum((line->>'amount_twd')::bigint) FILTER (WHERE line->>'side' = 'credit'), 0) AS credit
    FROM jsonb_array_elements(v.content->'account_lines') AS line) AS accounts,
LATERAL (SELECT coalesce(sum((line->>'amount_twd')::bigint), 0) AS payees
    FROM jsonb_array_elements(coalesce(v.content->'payee_lines', '[]')) AS line) AS lines
WHERE v.state NOT IN ('draft', 'cancelled') AND (accounts.debit <> v.total_twd
    OR (v.kind = 'payment' AND lines.payees <> v.total_twd)
    OR (v.kind = 'transfer' AND accounts.credit <> v.total_twd))
ORDER BY v.id LIMIT 1
"""

_SIGNED = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v
WHERE (EXISTS (SELECT 1 FROM disbursement_paymentinstruction AS i WHERE i.voucher_id = v.id)
       OR EXISTS (SELECT 1 FROM disbursement_cheque AS c WHERE c.voucher_id = v.id))
AND NOT EXISTS (SELECT 1 FROM disbursement_reception AS r
    WHERE r.voucher_id = v.id AND r.revision = v.revision AND (r.verdict->>'ok')::boolean)
ORDER BY v.id LIMIT 1
"""

_SIGNERS = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v
JOIN disbursement_reception AS r ON r.voucher_id = v.id AND r.revision = v.revision
LEFT JOIN signing_signature AS s ON s.revision = v.revision
    AND s.document_ref = v.agency_code || '/' || v.fiscal_year || '/' || v.number
WHERE v.state IN ('received', 'accepted', 'postponed', 'scheduled', 'paying', 'paid', 'posted')
    AND NOT r.verdict ? 'paper'
GROUP BY v.id HAVING NOT array_agg(s.capacity) @> %(capacities)s::varchar[]
    OR count(DISTINCT s.user_id) < %(count)s OR count(DISTINCT s.card_id) < %(count)s
ORDER BY v.id LIMIT 1
"""

_AS_SIGNED = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v
JOIN signing_signature AS s ON s.revision = v.revision AND s.capacity = %(capacity)s
    AND s.document_ref = v.agency_code || '/' || v.fiscal_year || '/' || v.number
JOIN signing_signedbody AS b ON b.sha256 = s.body_id
WHERE v.state IN ('received', 'accepted', 'postponed', 'scheduled', 'paying', 'paid', 'posted')
    AND convert_from(b.body, 'UTF8')::jsonb <> v.content
ORDER BY v.id LIMIT 1
"""

# On paper the record of the seal check stands for the signatures: made by whoever took the paper in, for every seal,
# and over the content that is there still.
_ON_PAPER = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v
JOIN disbursement_reception AS r ON r.voucher_id = v.id AND r.revision = v.revision
WHERE v.state IN ('paper_received', 'accepted', 'postponed', 'scheduled', 'paying', 'paid') AND r.verdict ? 'paper'
    AND (NOT coalesce((r.verdict->>'ok')::boolean AND (r.verdict->'paper'->>'is_content_same')::boolean
            AND (r.verdict->'paper'->'seals') @> %(seals)s::jsonb, false)
        OR r.verdict->>'digest' IS DISTINCT FROM encode(sha256(convert_to(v.content::text, 'UTF8')), 'hex')
        OR NOT EXISTS (SELECT 1 FROM core_history AS h WHERE h.machine = 'voucher' AND h.subject_id = v.id
            AND h.verb = 'receive_paper' AND h.actor_id = (r.verdict->'paper'->>'user_id')::bigint
            AND h.at <= r.received_at + interval '1 minute'))
ORDER BY v.id LIMIT 1
"""

# Of a line that came back, the first attempt is what was signed.
_AS_LISTED = """
WITH listed AS (
    SELECT v.id, v.method, line.seq, line.value->>'name' AS name, line.value->>'bank_code' AS bank_code,
        line.value->>'account_no' AS account_no, (line.value->>'amount_twd')::bigint AS amount_twd
    FROM vouchers_voucher AS v,
    LATERAL jsonb_array_elements(v.content->'payee_lines') WITH ORDINALITY AS line(value, seq)
    WHERE v.kind = 'payment' AND v.state IN ('paying', 'paid')
), wrong AS (
    SELECT i.voucher_id FROM disbursement_paymentinstruction AS i
    LEFT JOIN disbursement_instructionattempt AS a ON a.instruction_id = i.id AND a.attempt = 1
    LEFT JOIN listed AS l ON l.id = i.voucher_id AND l.seq = i.seq
    WHERE i.network <> 'entrusted' AND (coalesce(a.bank_code, i.bank_code), coalesce(a.account_no, i.account_no),
        i.amount_twd) IS DISTINCT FROM (l.bank_code, l.account_no, l.amount_twd)
    UNION ALL
    SELECT c.voucher_id FROM disbursement_cheque AS c
    LEFT JOIN listed AS l ON l.id = c.voucher_id AND l.seq = c.payee_seq
    WHERE c.voucher_id IS NOT NULL AND c.state <> 'cancelled'
        AND (c.payee_name, c.amount_twd) IS DISTINCT FROM (l.name, l.amount_twd)
)
SELECT agency_code, fiscal_year, number FROM vouchers_voucher WHERE id IN (SELECT voucher_id FROM wrong)
ORDER BY id LIMIT 1
"""

_PAID_ONCE = """
SELECT v.agency_code, v.fiscal_year, v.number FROM vouchers_voucher AS v
LEFT JOIN LATERAL (SELECT count(*) AS n, sum(amount_twd) AS twd FROM disbursement_paymentinstruction
    WHERE voucher_id = v.id) AS i ON true
LEFT JOIN LATERAL (SELECT count(*) AS n, sum(amount_twd) AS twd FROM disbursement_cheque
    WHERE voucher_id = v.id) AS c ON true
LEFT JOIN LATERAL (SELECT count(*) AS n FROM ledger_posting WHERE event_type IN ('pay_by_remittance', 'pay_by_cheque')
    AND split_part(event_ref, '#', 1) = v.agency_code || '/' || v.fiscal_year || '/' || v.number) AS p ON true
WHERE p.n > 1 OR (i.n > 0 AND c.n > 0) OR coalesce(i.twd, 0) + coalesce(c.twd, 0) > v.total_twd
    OR (v.kind = 'transfer' AND i.n + c.n > 0)
    OR (v.state IN ('paying', 'paid') AND (p.n <> 1 OR coalesce(i.twd, 0) + coalesce(c.twd, 0) <> v.total_twd))
ORDER BY v.id LIMIT 1
"""

_STRAYS = """
SELECT i.end_to_end_id FROM disbursement_paymentinstruction AS i
LEFT JOIN vouchers_voucher AS v ON v.id = i.voucher_id
LEFT JOIN disbursement_remittancebatch AS b ON b.id = i.batch_id
WHERE v.id IS NULL OR (i.batch_id IS NOT NULL AND b.id IS NULL)
ORDER BY i.id LIMIT 1
"""

_NUMBERED = {
    "receipt": ("disbursement_reception", "receipt_no"),
    "register": ("disbursement_acceptance", "register_no"),
    "return": ("disbursement_returnnotice", "notice_no"),
    "return_slip": ("disbursement_returnslip", "slip_no"),
    "cancelled_cheque": ("disbursement_chequecancellation", "cancellation_no"),
}

_GAPS = """
SELECT n.name, n.last, count(r.id), coalesce(max(r.{column}), 0) FROM core_numberseries AS n
LEFT JOIN {table} AS r ON '{series}/' || r.fiscal_year = n.name
WHERE n.name LIKE '{series}/%%' GROUP BY n.name, n.last
HAVING n.last <> count(r.id) OR n.last <> coalesce(max(r.{column}), 0) LIMIT 1
"""

_CHEQUE_GAPS = """
SELECT n.name, n.last, count(c.id), coalesce(max(c.serial::bigint), 0) FROM core_numberseries AS n
LEFT JOIN disbursement_cheque AS c ON 'cheque/' || c.series = n.name
WHERE n.name LIKE 'cheque/%%' GROUP BY n.name, n.last
HAVING n.last <> count(c.id) OR n.last <> coalesce(max(c.serial::bigint), 0) LIMIT 1
"""


def _first(invariant: int, name: str, query: str, params: dict[str, object] | None = None) -> Iterator[Violation]:
    for agency_code, fiscal_year, number in fetch_all(query, params or {}):
        yield Violation(invariant, name, f"voucher {agency_code}/{fiscal_year}/{number}")


def sums_agree() -> Iterator[Violation]:
    """Invariant 1: payee lines = account lines = total; a transfer's debit = its credit."""
    yield from _first(1, "sums_agree", _SUMS)


def payments_are_signed() -> Iterator[Violation]:
    """Invariant 4: nothing is paid without a received document whose signers are different persons with
    different cards, one for each capacity the profile asks for, or a recorded check of paper and seals; and what is
    paid is what they signed."""
    capacities = list(parameters_on(clock.today()).required_capacities)
    yield from _first(4, "payments_are_signed", _SIGNED)
    yield from _first(4, "payments_are_signed", _SIGNERS, {"capacities": capacities, "count": len(capacities)})
    yield from _first(4, "payments_are_signed", _AS_SIGNED, {"capacity": capacities[0]})
    yield from _first(4, "payments_are_signed", _ON_PAPER, {"seals": json.dumps(dict.fromkeys(SEALS, True))})
    yield from _first(4, "payments_are_signed", _AS_LISTED)


def paid_once() -> Iterator[Violation]:
    """Invariant 5: a voucher pays at most once, by one channel, and exactly its amount; no line is without a voucher,
    or in a batch that is none."""
    yield from _first(5, "paid_once", _PAID_ONCE)
    for (end_to_end_id,) in fetch_all(_STRAYS):
        yield Violation(5, "paid_once", f"instruction {end_to_end_id} belongs to no voucher or batch")


def numbers_gap_free() -> Iterator[Violation]:
    """Invariant 6: receipt, register, notice and cheque numbers have no hole."""
    queries = [_GAPS.format(series=series, table=table, column=column) for series, (table, column) in _NUMBERED.items()]
    for query in (*queries, _CHEQUE_GAPS):
        for name, last, count, highest in fetch_all(query, {}):
            yield Violation(6, "numbers_gap_free", f"{name}: {last} given, {count} found, the highest is {highest}")


def master_account_agrees() -> Iterator[Violation]:
    """Invariant 7: the last reconciliation left no unexplained difference, and nothing has moved the account since
    without a later statement."""
    last = Reconciliation.objects.order_by("-pk").first()
    if last is None:
        return
    if not last.is_balanced:
        yield Violation(7, "master_account_agrees", f"the reconciliation of {last.on} has open differences")
    elif last.figures["bank_closing_twd"] != ledger.master_balance():
        books = ledger.master_balance()
        yield Violation(7, "master_account_agrees", f"books {books}, bank {last.figures['bank_closing_twd']}")
