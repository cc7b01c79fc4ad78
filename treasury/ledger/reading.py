"""The books as an auditor reads them: chains, postings with the state of their seals, lines of a budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum

from treasury.ledger.authorities import budget_key
from treasury.ledger.chart import ACCOUNTS, CHART, DEBIT, Section
from treasury.ledger.models import Allotment, Authority, BudgetLine, Chain, DayDigest, Entry, FiscalYear, Posting
from treasury.ledger.seals import fingerprint, first_hash, line_text, link


@dataclass(frozen=True, slots=True)
class EntryRead:
    """One line of a posting: account, authority, and the amount on its side."""

    account_code: str
    account_zh: str
    account_en: str
    authority: str
    debit_twd: int | None
    credit_twd: int | None


@dataclass(frozen=True, slots=True)
class PostingRead:
    """A posting with its lines. `is_whole`: its seal fits what is stored, and the one before it."""

    seq: int
    event_type: str
    event_ref: str
    booked_on: date
    at: datetime
    hash: str
    is_whole: bool
    entries: tuple[EntryRead, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """An account of the chart and its balance in TWD, on the side where it stands."""

    code: str
    name_zh: str
    name_en: str
    section: Section
    debit_twd: int
    credit_twd: int


@dataclass(frozen=True, slots=True)
class LineRead:
    """A budget line as it stands, in TWD."""

    fiscal_year: int
    account_code: str
    account_name: str
    agency_code: str
    agency_name: str
    gate: str
    annual_twd: int
    released_twd: int
    available_twd: int
    reserved_twd: int
    expended_twd: int


def chains() -> QuerySet[Chain]:
    """Every chain of postings, by year and agency."""
    return Chain.objects.order_by("-fiscal_year", "agency_code")


def chain_postings(chain_id: int) -> QuerySet[Posting]:
    """The postings of a chain with their entries, newest first."""
    entries = Entry.objects.select_related("authority").order_by("line_no")
    rows = Posting.objects.filter(chain_id=chain_id).select_related("chain").order_by("-seq")
    return rows.prefetch_related(Prefetch("entries", queryset=entries, to_attr="lines"))


def postings_read(rows: Sequence[Any]) -> list[PostingRead]:
    """Postings (of `chain_postings`) as they are read, each seal computed anew; one more query."""
    if not rows:
        return []
    chain = rows[0].chain
    before = Posting.objects.filter(chain_id=chain.pk, seq__in=[row.seq - 1 for row in rows])
    hashes = {seq: bytes(value) for seq, value in before.values_list("seq", "hash")}
    hashes[0] = first_hash(chain.agency_code, chain.fiscal_year)
    return [_posting(row, hashes.get(row.seq - 1, b"")) for row in rows]


def balances(totals: dict[str, int]) -> list[Balance]:
    """The trial balance as a table: every account, its balance on the side where it stands.

    `totals` are those of `selectors.trial_balance`: positive on the account's normal side.
    """
    found = []
    for account in CHART:
        amount_twd = totals[account.code]
        on_debit = (account.side == DEBIT) == (amount_twd >= 0)
        size_twd = abs(amount_twd)
        sides = (size_twd, 0) if on_debit else (0, size_twd)
        found.append(Balance(account.code, account.name_zh, account.name_en, account.section, *sides))
    return found


def digests() -> QuerySet[DayDigest]:
    """The digests of the days, newest first."""
    return DayDigest.objects.order_by("-id")


def years() -> list[int]:
    """The fiscal years whose budget was taken in, newest first."""
    return list(FiscalYear.objects.order_by("-year").values_list("year", flat=True))


def budget_lines(fiscal_year: int, *, agency_code: str = "") -> QuerySet[BudgetLine]:
    """The lines of a year's budget (of one agency), by account code."""
    rows = BudgetLine.objects.filter(fiscal_year=fiscal_year).order_by("account_code")
    return rows.filter(agency_code=agency_code) if agency_code else rows


def lines_read(rows: Sequence[BudgetLine]) -> list[LineRead]:
    """Budget lines with what was released and what became of it, in two queries."""
    keys = {row.pk: budget_key(row.fiscal_year, row.account_code) for row in rows}
    authorities = {one.key: one for one in Authority.objects.filter(key__in=keys.values())}
    sums = Allotment.objects.filter(line_id__in=keys, released=True).values("line_id").annotate(twd=Sum("amount_twd"))
    released = {row["line_id"]: int(row["twd"]) for row in sums}
    return [_line(row, authorities.get(keys[row.pk]), released.get(row.pk, 0)) for row in rows]


def lines_named(rows: QuerySet[BudgetLine], text: str) -> QuerySet[BudgetLine]:
    """Lines whose code begins with a text, or whose account or agency has it in its name."""
    named = Q(account_code__startswith=text) | Q(account_name__icontains=text) | Q(agency_name__icontains=text)
    return rows.filter(named)


def agency_totals(agency_code: str) -> list[tuple[int, int, int, int]]:
    """(fiscal year, available, reserved, expended) of an agency's budget, newest year first, in TWD; one query."""
    rows = Authority.objects.filter(kind="budget", agency_code=agency_code).values("fiscal_year")
    sums = rows.annotate(a=Sum("available_twd"), r=Sum("reserved_twd"), e=Sum("expended_twd")).order_by("-fiscal_year")
    return [(int(row["fiscal_year"] or 0), int(row["a"]), int(row["r"]), int(row["e"])) for row in sums]


def _posting(row: Any, before: bytes) -> PostingRead:
    texts = [
        line_text(line.account_code, line.side, line.amount_twd, line.authority.key if line.authority else "")
        for line in row.lines
    ]
    print_ = fingerprint(row.event_type, row.event_ref, row.chain.agency_code, row.chain.fiscal_year, texts)
    is_whole = (
        print_ == bytes(row.fingerprint)
        and before == bytes(row.previous_hash)
        and link(before, print_, row.booked_on, row.at) == bytes(row.hash)
    )
    return PostingRead(
        seq=row.seq,
        event_type=row.event_type,
        event_ref=row.event_ref,
        booked_on=row.booked_on,
        at=row.at,
        hash=bytes(row.hash).hex(),
        is_whole=is_whole,
        entries=tuple(_entry(line) for line in row.lines),
    )


def _entry(line: Entry) -> EntryRead:
    account = ACCOUNTS[line.account_code]
    on_debit = line.side == DEBIT
    return EntryRead(
        account_code=line.account_code,
        account_zh=account.name_zh,
        account_en=account.name_en,
        authority=line.authority.key if line.authority else "",
        debit_twd=line.amount_twd if on_debit else None,
        credit_twd=None if on_debit else line.amount_twd,
    )


def _line(row: BudgetLine, authority: Authority | None, released_twd: int) -> LineRead:
    return LineRead(
        fiscal_year=row.fiscal_year,
        account_code=row.account_code,
        account_name=row.account_name,
        agency_code=row.agency_code,
        agency_name=row.agency_name,
        gate=row.gate,
        annual_twd=row.annual_twd,
        released_twd=released_twd,
        available_twd=authority.available_twd if authority else 0,
        reserved_twd=authority.reserved_twd if authority else 0,
        expended_twd=authority.expended_twd if authority else 0,
    )
