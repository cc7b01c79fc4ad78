"""Reading vouchers, and gathering the world that the rules look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

import agencies.selectors
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.core.parameters import Parameters, parameters_on
from treasury.core.sql import fetch_all
from treasury.core.whole import whole_of
from treasury.ledger import selectors as ledger
from vouchers.models import IntakeItem, ReturnRequest, SearchTerm, Voucher, VoucherJob
from vouchers.rules.worlds import EntryWorld, OriginalFacts
from vouchers.states import VOUCHER

# Vouchers with a payee whose name holds a text: an index leads to the names with its characters, the text decides. So
# many are looked up at most: a text that more hold is soon found by going through the vouchers.
_HOLDING_MAX = 2000
_PAYEE_HOLDS = """
SELECT voucher_id FROM vouchers_searchterm
WHERE field = 'payee' AND string_to_array("text"::text, NULL) @> string_to_array(%s, NULL) AND "text" LIKE %s LIMIT %s
"""
# The payee lines of the voucher %s as rows, in their order: what a remittance asks for, straight from the content.
PAYEE_ROWS = """
WITH voucher AS MATERIALIZED ( -- so that a content of megabytes is unpacked once, not once a line
    SELECT id, content->>'network' AS network, content->'payee_lines' AS lines FROM vouchers_voucher WHERE id = %s
)
SELECT voucher.id AS voucher_id, line.seq, voucher.network, bank_code, account_no, account_name, amount_twd
FROM voucher, ROWS FROM (jsonb_to_recordset(voucher.lines)
    AS (bank_code text, account_no text, account_name text, amount_twd bigint)) WITH ORDINALITY
    AS line (bank_code, account_no, account_name, amount_twd, seq)
ORDER BY line.seq
"""


def voucher(voucher_id: int, *, locked: bool = False) -> Voucher:
    """The voucher of an id, held until the transaction ends where `locked`; Problem `voucher_unknown` (404)."""
    rows = Voucher.objects.select_for_update() if locked else Voucher.objects.all()
    try:
        return rows.get(pk=voucher_id)
    except Voucher.DoesNotExist:
        raise Problem("voucher_unknown", f"there is no voucher {voucher_id}", status=404) from None


def voucher_head(voucher_id: int) -> Voucher:
    """The same without its content, which may be megabytes."""
    row = Voucher.objects.filter(pk=voucher_id).defer("content").first()
    if row is None:
        raise Problem("voucher_unknown", f"there is no voucher {voucher_id}", status=404)
    return row


def voucher_named(reference: str) -> Voucher:
    """The voucher of a name (`agency/fiscal year/number`), without its content; Problem `voucher_unknown` (404)."""
    agency_code, _, rest = reference.partition("/")
    year, _, number = rest.partition("/")
    rows = Voucher.objects.filter(agency_id=agency_code, number=number).defer("content")
    row = rows.filter(fiscal_year=whole_of(year, digits=4)).first()
    if row is None or row.reference != reference:
        raise Problem("voucher_unknown", f"there is no voucher {reference}", status=404)
    return row


def vouchers_in(states: Iterable[str], *, ids: Iterable[int] | None = None) -> QuerySet[Voucher]:
    """Vouchers in any of the states, in the order in which they were taken; their content is read when asked for."""
    rows = Voucher.objects.filter(state__in=list(states)).order_by("pk").defer("content")
    return rows if ids is None else rows.filter(pk__in=list(ids))


def content_part(row: Voucher, name: str) -> Any:
    """One member of a voucher's content, None without it; of a row read without its content only the member is read."""
    if "content" not in row.get_deferred_fields():
        return row.content.get(name)
    return Voucher.objects.filter(pk=row.pk).values_list(f"content__{name}", flat=True).get()


def voucher_document(row: Voucher) -> dict[str, Any]:
    """What every signature of a voucher covers: the voucher object with its name around it."""
    from django.conf import settings

    return {
        "treasury": settings.TREASURY_CODE,
        "agency_code": row.agency_code,
        "fiscal_year": row.fiscal_year,
        "number": row.number,
        "revision": row.revision,
        "voucher": row.content,
    }


def numbers_taken(*, agency_code: str, fiscal_year: int, besides_sha256: str = "") -> set[str]:
    """Numbers an agency has used in a fiscal year, whatever became of them (B-9.2), save by one file's own content."""
    items = IntakeItem.objects.filter(file__agency_code=agency_code, file__fiscal_year=fiscal_year)
    of_file = Q(intake__file__sha256=besides_sha256)
    rows = Voucher.objects.filter(agency_id=agency_code, fiscal_year=fiscal_year)
    return set(items.exclude(file__sha256=besides_sha256).values_list("number", flat=True)) | set(
        (rows.exclude(of_file) if besides_sha256 else rows).values_list("number", flat=True)
    )


def number_is_taken(agency_code: str, fiscal_year: int, number: str) -> bool:
    """Whether an agency has used a number in a fiscal year, whatever became of it (B-9.2)."""
    items = IntakeItem.objects.filter(number=number, file__agency_code=agency_code, file__fiscal_year=fiscal_year)
    rows = Voucher.objects.filter(agency_id=agency_code, fiscal_year=fiscal_year, number=number)
    return items.exists() or rows.exists()


@dataclass
class EntryTables:
    """What the entry rules need of the books on one day, read once for many vouchers."""

    on: date
    parameters: Parameters = field(init=False)
    bank_codes: frozenset[str] = field(init=False)
    _accounts: dict[int, Mapping[str, Any]] = field(init=False, default_factory=dict)
    _open: dict[int, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.parameters = parameters_on(self.on)
        self.bank_codes = agencies.selectors.bank_codes(self.on)

    def world(self, *, fiscal_year: int, number_taken: bool) -> EntryWorld:
        """The world of one voucher."""
        accounts = self.accounts(fiscal_year)
        return EntryWorld(
            today=self.on,
            year_is_open=self._open[fiscal_year],
            accounts=accounts,
            bank_codes=self.bank_codes,
            number_taken=number_taken,
            petty_amount_twd=self.parameters.petty_amount_twd,
            crossing_threshold_twd=self.parameters.crossing_threshold_twd,
            crossing_reading=self.parameters.crossing_reading,
            agent_bank=self.parameters.agent_bank,
            epay_limit_twd=self.parameters.epay_limit_twd,
        )

    def accounts(self, fiscal_year: int) -> Mapping[str, Any]:
        """The budget accounts of a fiscal year by code."""
        if fiscal_year not in self._accounts:
            self._accounts[fiscal_year] = ledger.accounts(fiscal_year)
            self._open[fiscal_year] = ledger.year_is_open(fiscal_year)
        return self._accounts[fiscal_year]


def originals_of(row: Voucher) -> dict[str, OriginalFacts]:
    """Which of the vouchers that a transfer voucher corrects have been paid: their money has left (B-20, B-11.4)."""
    numbers = {original["number"] for original in content_part(row, "originals") or ()}
    if not numbers:
        return {}
    rows = Voucher.objects.filter(
        agency_id=row.agency_id, fiscal_year=row.fiscal_year, kind="payment", number__in=numbers
    )
    paid = rows.filter(state__in=["paying", "paid"]).values_list("number", flat=True)
    return {number: OriginalFacts(paid=True) for number in paid}


def originals_of_each(rows: Sequence[Voucher]) -> dict[int, dict[str, OriginalFacts]]:
    """`originals_of` many vouchers by voucher id, in one query; they come with their content."""
    numbers = {row.pk: {original["number"] for original in row.content.get("originals", ())} for row in rows}
    named = [row for row in rows if numbers[row.pk]]
    if not named:
        return {pk: {} for pk in numbers}
    paid = Voucher.objects.filter(
        kind="payment",
        state__in=["paying", "paid"],
        agency_id__in={row.agency_id for row in named},
        number__in=set().union(*numbers.values()),
    )
    known: set[tuple[Any, ...]] = set(paid.values_list("agency_id", "fiscal_year", "number"))
    return {
        row.pk: {
            number: OriginalFacts(paid=True)
            for number in numbers[row.pk]
            if (row.agency_code, row.fiscal_year, number) in known
        }
        for row in rows
    }


def return_request_of(row: Voucher) -> ReturnRequest | None:
    """The agency's request to have the revision in hand returned, None without one (B-13.2)."""
    return ReturnRequest.objects.filter(voucher=row, revision=row.revision).first()


def return_asked() -> Exists:
    """Whether an agency has asked for the return of the revision in hand: a condition on vouchers (B-13.2)."""
    return Exists(ReturnRequest.objects.filter(voucher_id=OuterRef("pk"), revision=OuterRef("revision")))


def vouchers_listed(agency_code: str = "") -> QuerySet[Voucher]:
    """Vouchers of an agency (empty: of all) in the order in which they were taken, without their content."""
    rows = Voucher.objects.order_by("pk").select_related("agency").defer("content")
    return rows.filter(agency_id=agency_code) if agency_code else rows


def vouchers_of(ids: Iterable[int]) -> QuerySet[Voucher]:
    """The vouchers of ids with their content and their agency, in the order in which they were taken."""
    return Voucher.objects.filter(pk__in=list(ids)).select_related("agency").order_by("pk")


def vouchers_waiting(agency_code: str, states: Sequence[str], *, most: int) -> int:
    """How many vouchers of an agency stand in any of the states, counted up to `most`."""
    return Voucher.objects.filter(agency_id=agency_code, state__in=list(states)).order_by()[:most].count()


def having_term(rows: QuerySet[Voucher], field: str, text: str) -> QuerySet[Voucher]:
    """The vouchers with a payee (`payee`, by any part of the name) or an account (`account`, by the code's beginning).

    Both by an index, however many vouchers there are.
    """
    if field != "payee":
        terms = SearchTerm.objects.filter(field=field, text__startswith=text)
        return rows.filter(pk__in=terms.values("voucher_id"))
    likely = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = fetch_all(_PAYEE_HOLDS, (text, f"%{likely}%", _HOLDING_MAX + 1))
    if len(found) <= _HOLDING_MAX:
        return rows.filter(pk__in={voucher_id for (voucher_id,) in found})
    return rows.filter(Exists(SearchTerm.objects.filter(voucher_id=OuterRef("pk"), field=field, text__contains=text)))


def first_payees(ids: Iterable[int]) -> dict[int, str]:
    """The first payee's name of each voucher that has one, in one query."""
    rows = Voucher.objects.filter(pk__in=list(ids)).annotate(payee=KT("content__payee_lines__0__name"))
    return {pk: payee for pk, payee in rows.values_list("pk", "payee") if payee}


def waiting_since(ids: Iterable[int]) -> dict[int, datetime]:
    """Since when each voucher has stood in its state, in one query."""
    rows = History.objects.filter(machine=VOUCHER.name, subject_id__in=list(ids)).exclude(source=F("target"))
    last = rows.order_by("subject_id", "-id").distinct("subject_id").values_list("subject_id", "at")
    return {subject_id: at for subject_id, at in last if subject_id is not None}


def moments_of(ids: Iterable[int], verbs: Iterable[str]) -> dict[int, dict[str, datetime]]:
    """When each of the verbs was last taken on each voucher, in one query."""
    rows = History.objects.filter(machine=VOUCHER.name, subject_id__in=list(ids), verb__in=list(verbs)).order_by("id")
    found: dict[int, dict[str, datetime]] = {}
    for subject_id, verb, at in rows.values_list("subject_id", "verb", "at"):
        assert subject_id is not None
        found.setdefault(subject_id, {})[verb] = at
    return found


def history_of(row: Voucher) -> list[dict[str, Any]]:
    """Every step of a voucher in order, those taken for a set of vouchers among them, without what changes replaced."""
    mine = Q(subject_id=row.pk) | Q(subject_id__isnull=True, subject_ids__contains=[row.pk])
    columns = ("at", "verb", "source", "target", "actor_name", "actor_role", "address", "because", "details__reasons")
    return list(History.objects.filter(mine, machine=VOUCHER.name).order_by("id").values(*columns))


def last_steps(ids: Iterable[int]) -> dict[int, int]:
    """The number of the last step taken with each voucher, by voucher; it grows with every step."""
    rows = History.objects.filter(machine=VOUCHER.name, subject_id__in=list(ids)).order_by()
    found = rows.values_list("subject_id").annotate(last=Max("id"))
    return {subject_id: last for subject_id, last in found if subject_id is not None}


def voucher_job(job_id: int, *, agency_code: str) -> VoucherJob:
    """A job of an agency; Problem `not_found` (404) for another agency's, the same as for one that is not there."""
    job = VoucherJob.objects.filter(pk=job_id, agency_id=agency_code).first()
    if job is None:
        raise Problem("not_found", f"there is no job {job_id}", status=404)
    return job
