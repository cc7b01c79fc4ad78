"""The examiner's queue: who waits, narrowed how, and which voucher comes after which."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from disbursement.selectors import desk
from disbursement.services.previews import previews_keep
from treasury.core.errors import Problem
from treasury.core.pages.listing import COUNTED_MAX, Filter, ListColumn
from treasury.core.pages.wanted import amount_of, date_of
from treasury.core.texts import either
from vouchers import words
from vouchers.english import ENGLISH, payee_words, word
from vouchers.states import STATES

if TYPE_CHECKING:
    from vouchers.models import Voucher

METHODS: Final = {**words.METHODS, "transfer": words.KINDS["transfer"]}


def _by_method(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(kind="transfer") if value == "transfer" else rows.filter(method=value)


def _by_findings(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Those in which the rules find something, or nothing, by what was last looked ahead at; new ones are first."""
    previews_keep(rows)
    return desk.vouchers_found(rows, has_findings=value == "yes")


FILTERS: Final = (
    Filter("agency", "機關代號", "Agency code", lambda rows, value: rows.filter(agency_id=value)),
    Filter(
        "method",
        "支付方式",
        "Method",
        _by_method,
        choices=[(code, zh, ENGLISH[zh]) for code, zh in METHODS.items()],
    ),
    Filter("min", "金額自", "Amount from", lambda rows, value: rows.filter(total_twd__gte=amount_of(value, "min"))),
    Filter("max", "金額至", "Amount to", lambda rows, value: rows.filter(total_twd__lte=amount_of(value, "max"))),
    Filter("due", "應付日至", "Due by", lambda rows, value: rows.filter(payable_on__lte=date_of(value, "due"))),
    Filter(
        "state",
        "狀態",
        "State",
        lambda rows, value: rows.filter(state=value),
        choices=[(state, *STATES[state]) for state in desk.UNDECIDED],
    ),
    # The rows are those already (`waiting`); the list only keeps it and shows it.
    Filter("asked", "申請退件", "Return", lambda rows, value: rows, choices=[("yes", "機關已申請", "asked for")]),
    Filter(
        "findings",
        "檢核",
        "Findings",
        _by_findings,
        choices=[("yes", "有不符事項", "Something found"), ("no", "無不符事項", "Nothing found")],
    ),
)
COLUMNS: Final = (
    ListColumn("憑單編號", "Voucher no.", lambda row: row.number),
    ListColumn("版次", "Revision", lambda row: row.revision),
    ListColumn("機關代號", "Agency code", lambda row: row.agency_id),
    ListColumn("機關", "Agency", lambda row: row.agency.name),
    ListColumn("受款人", "Payee", lambda row: payee_words(row.first_payee, row.payee_count)),
    ListColumn("金額", "Amount", lambda row: row.total_twd),
    ListColumn("支付方式", "Method", lambda row: method_words(row)),
    ListColumn("應付日", "Due", lambda row: row.payable_on),
    ListColumn("狀態", "State", lambda row: either(*STATES[row.state])),
    ListColumn("申請退件", "Return asked for", lambda row: either("是", "yes") if row.is_asked_back else ""),
    ListColumn("收件時間", "Received at", lambda row: row.received_at),
)
NAMES: Final = tuple(one.name for one in FILTERS)


def method_words(row: Voucher) -> str:
    """How a voucher pays, in the reader's language; a transfer voucher pays nothing."""
    code = "transfer" if row.kind == "transfer" else row.method
    return word(METHODS.get(code, code))


def waiting(query: QueryDict) -> QuerySet[Voucher]:
    """What an examiner can go on with; what waits for paper is shown when its state is asked for, what an agency
    wants back, wherever it stands by now, when that is."""
    if query.get("asked", "").strip() == "yes":
        return desk.vouchers_asked_back()
    return desk.vouchers_to_examine(desk.UNDECIDED if query.get("state", "").strip() else desk.TO_EXAMINE)


def narrowed(query: QueryDict) -> QuerySet[Voucher]:
    """The queue as the filters of an address narrow it."""
    rows: QuerySet[Any] = waiting(query)
    for one in FILTERS:
        if value := query.get(one.name, "").strip():
            # A filter that makes no sense narrows nothing, as in the list, which says so.
            with suppress(Problem):
                rows = one.apply(rows, value)
    return rows


def unjudged_count(query: QueryDict) -> int:
    """How many the filter by findings does not speak of yet, though the other filters would show them."""
    if not query.get("findings", "").strip():
        return 0
    others = query.copy()
    others.pop("findings")
    return desk.vouchers_unjudged(narrowed(others)).order_by()[:COUNTED_MAX].count()


def kept(query: QueryDict) -> str:
    """The filters of an address as a query text, empty without any: what a desk page hands on."""
    return urlencode({name: query[name] for name in NAMES if query.get(name, "").strip()})


def neighbours(query: QueryDict, voucher_id: int) -> tuple[int | None, int | None]:
    """The vouchers before and after one in the narrowed queue, by id; None at its ends."""
    ids = narrowed(query).order_by("pk")
    after = ids.filter(pk__gt=voucher_id).values_list("pk", flat=True).first()
    before = ids.filter(pk__lt=voucher_id).order_by("-pk").values_list("pk", flat=True).first()
    return before, after


def next_address(query: QueryDict, voucher_id: int) -> str:
    """Where an examiner goes on after a decision: the next voucher, else the first one left, else the queue."""
    _, after = neighbours(query, voucher_id)
    goes_on = after or narrowed(query).exclude(pk=voucher_id).values_list("pk", flat=True).first()
    path = reverse("disbursement:examine", args=[goes_on]) if goes_on else reverse("disbursement:examination")
    filters = kept(query)
    return f"{path}?decided={voucher_id}{'&' if filters else ''}{filters}"
