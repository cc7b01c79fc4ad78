"""日結核對表: the day's equations with their figures, and every difference with its reason (B-28).

What does not add up stands first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from disbursement.documents.wording import difference_item, difference_reason
from disbursement.models import (
    Acceptance,
    Cheque,
    InstructionAttempt,
    PaymentInstruction,
    Reception,
    Reconciliation,
    RemittanceBatch,
    ReturnNotice,
)
from treasury.core.documents.shapes import Band, Cell, Column, Register
from vouchers.summaries import voucher_summaries

_COLUMNS = (
    Column(title="項目", title_en="Item", width=62),
    Column(title="說明", title_en="Explanation"),
    Column(title="件數", title_en="Count", width=18, kind="count"),
    Column(title="金額", title_en="Amount", width=36, kind="amount"),
)
_RETURNED = ("returned_by_bank", "corrected", "returned_to_treasury")
Row = tuple[Cell, ...] | Band


@dataclass(frozen=True, slots=True)
class _Tally:
    """So many things worth so much."""

    count: int = 0
    amount_twd: int = 0

    def __add__(self, other: "_Tally") -> "_Tally":
        return _Tally(self.count + other.count, self.amount_twd + other.amount_twd)


@dataclass(slots=True)
class _Page:
    """The rows so far, and the equations that do not hold."""

    rows: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)

    def band(self, text: str) -> None:
        self.rows.append(Band(text))

    def line(self, item: str, explanation: str, tally: _Tally) -> None:
        self.rows.append((item, explanation, tally.count, tally.amount_twd))

    def money(self, item: str, explanation: str, amount_twd: int) -> None:
        self.rows.append((item, explanation, None, amount_twd))

    def check(self, item: str, equation: str, difference_twd: int) -> None:
        verdict = "相符" if difference_twd == 0 else "不符"
        row = (f"核對：{item}", f"{equation}　{verdict}", None, difference_twd)
        self.rows.append(row)
        if difference_twd:
            self.wrong.append(row)


def day_summary(*, on: date) -> Register:
    """日結核對表 of a day: received = accepted + returned + waiting; sent = credited + returned + open; books = bank.

    The reconciliation is the last one made for the day; without one its part says so.
    """
    page = _Page()
    _desk(page, on)
    _payments(page, on)
    reconciliation = Reconciliation.objects.filter(on=on).order_by("-pk").first()
    if reconciliation is None:
        page.band("三、公庫存款")
        page.rows.append(("尚未對帳", "代庫銀行對帳單未到", None, None))
    else:
        _money(page, reconciliation.figures)
        _differences(page, reconciliation.differences)
    is_balanced = reconciliation is not None and reconciliation.is_balanced and not page.wrong
    first = (Band("未平衡項目"), *page.wrong) if page.wrong else ()
    return Register(
        treasury=settings.TREASURY_NAME,
        title="日結核對表",
        title_en="Daily reconciliation",
        subject="核對相符" if is_balanced else "核對不符",
        dated_on=on,
        columns=_COLUMNS,
        rows=(*first, *page.rows),
        signers=("製表", "覆核", "主辦會計", "機關長官"),
        is_landscape=False,
    )


def _desk(page: _Page, on: date) -> None:
    """一、收件與審核: what waited and what came in was accepted, returned, or waits on."""
    before, after = _tally_of(_undecided(on, before=True)), _tally_of(_undecided(on, before=False))
    received = _tally_of(Reception.objects.filter(received_on=on))
    acceptances = Acceptance.objects.filter(accepted_on=on)
    accepted = _tally_of(acceptances)
    of_accepted = Acceptance.objects.filter(voucher_id=OuterRef("voucher_id"), revision=OuterRef("revision"))
    notices = ReturnNotice.objects.filter(returned_on=on)
    returned = _tally_of(notices.exclude(Exists(of_accepted)))
    page.band("一、收件與審核")
    page.line("前日待審", "", before)
    page.line("本日收件", "", received)
    page.line("審核通過", "編號登記", accepted)
    page.line("　其中轉帳憑單", "不動用存款", _tally_of(acceptances.filter(voucher__kind="transfer")))
    page.line("退件", "憑單退件通知書", returned)
    page.line("待審", "留待次日", after)
    difference = (before + received).amount_twd - (accepted + returned + after).amount_twd
    page.check("收件", "前日待審＋本日收件＝審核通過＋退件＋待審", difference)
    page.line("審核通過後退件", "已釋出保留之餘額", _tally_of(notices.filter(Exists(of_accepted))))


def _undecided(on: date, *, before: bool) -> QuerySet[Reception]:
    """Receptions that were neither accepted nor returned when a day began, or when it ended."""
    comparison = "lt" if before else "lte"
    revision = {"voucher_id": OuterRef("voucher_id"), "revision": OuterRef("revision")}
    accepted = Acceptance.objects.filter(**revision, **{f"accepted_on__{comparison}": on})
    returned = ReturnNotice.objects.filter(**revision, **{f"returned_on__{comparison}": on})
    rows = Reception.objects.filter(**{f"received_on__{comparison}": on})
    return rows.exclude(Exists(accepted)).exclude(Exists(returned))


def _tally_of(rows: QuerySet[Any]) -> _Tally:
    """Count and amount of revisions, each by what it said then."""
    revisions = list(rows.values_list("voucher_id", "revision"))
    vouchers = voucher_summaries(revisions) if revisions else {}
    return _Tally(len(revisions), sum(vouchers[revision].total_twd for revision in revisions))


def _payments(page: _Page, on: date) -> None:
    """二、支付: what was sent was credited, came back, or is still open; cheques and transfers beside it."""
    by_state = _by_state(on)
    credited = by_state.get("credited", _Tally())
    returned = sum((by_state.get(state, _Tally()) for state in _RETURNED), _Tally())
    open_items = sum((tally for state, tally in by_state.items() if state not in ("credited", *_RETURNED)), _Tally())
    batches = RemittanceBatch.objects.filter(execution_on=on).aggregate(
        count=Sum("line_count"), amount=Sum("total_twd")
    )
    sent = _Tally(batches["count"] or 0, batches["amount"] or 0)
    page.band("二、支付")
    page.line("通匯及委託劃帳", "已編批之支付指示", sent)
    page.line("已入帳", "", credited)
    page.line("退匯", "", returned)
    page.line("結果未回", "", open_items)
    page.check("通匯", "送出＝已入帳＋退匯＋結果未回", sent.amount_twd - (credited + returned + open_items).amount_twd)
    cheques = Cheque.objects.filter(issued_on=on).aggregate(count=Count("pk"), amount=Sum("amount_twd"))
    page.line("簽開支票", "", _Tally(cheques["count"], cheques["amount"] or 0))


def _by_state(on: date) -> dict[str, _Tally]:
    """The lines of the day's batches by state; a line that is sent again came back in its first batch."""
    lines = PaymentInstruction.objects.filter(batch__execution_on=on).order_by().values("state")
    tallies = {
        row["state"]: _Tally(row["count"], row["amount"])
        for row in lines.annotate(count=Count("pk"), amount=Sum("amount_twd"))
    }
    # An attempt whose name the line still bears is the line itself.
    attempts = InstructionAttempt.objects.filter(batch__execution_on=on).exclude(
        end_to_end_id=F("instruction__end_to_end_id")
    )
    failed = attempts.aggregate(count=Count("pk"), amount=Sum("instruction__amount_twd"))
    if failed["count"]:
        again = _Tally(failed["count"], failed["amount"])
        tallies["returned_by_bank"] = tallies.get("returned_by_bank", _Tally()) + again
    return tallies


def _money(page: _Page, figures: Mapping[str, int]) -> None:
    """三、公庫存款: the bank, the books, and what is on its way between them."""
    books, bank = figures["books_master_twd"], figures["bank_closing_twd"]
    transit, cheques, returned = (
        figures["in_transit_twd"],
        figures["cheques_outstanding_twd"],
        figures["returned_twd"],
    )
    general, funds = figures["general_twd"], figures["funds_twd"]
    page.band("三、公庫存款")
    page.money("銀行前日結存", "代庫銀行對帳單", figures["bank_opening_twd"])
    page.money("銀行本日結存", "代庫銀行對帳單", bank)
    page.money("總存款戶", "帳列", books)
    page.check("總存款戶", "帳列－銀行結存", books - bank)
    page.money("減：匯款在途", "已支付，銀行尚未扣帳", transit)
    page.money("減：未兌付支票", "已簽開，尚未兌付", cheques)
    page.money("減：退匯待處理", "已退回，待更正或繳回", returned)
    page.money("公庫可用存款", "總預算", general)
    page.money("", "特種基金及專戶", funds)
    page.check(
        "資金", "總存款戶－在途－未兌付－退匯＝總預算＋基金專戶", books - transit - cheques - returned - general - funds
    )
    items = figures["batches_unsettled_twd"] + figures["instructions_unbatched_twd"]
    page.check("匯款在途", "帳列－未扣帳批次及未編批指示", transit - items)
    page.check("未兌付支票", "帳列－支票明細", cheques - figures["cheques_unpaid_twd"])
    page.check("退匯待處理", "帳列－退匯明細", returned - figures["lines_returned_twd"])


def _differences(page: _Page, differences: Sequence[Mapping[str, Any]]) -> None:
    """四、差異: first those without an explanation, then the open items that explain the rest."""
    for title, is_open in (("四、待查差異", True), ("五、未達帳明細", False)):
        page.band(title)
        rows = [row for row in differences if row["is_open"] == is_open]
        page.rows += _items(rows) or [("無", "", None, None)]


def _items(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [(difference_item(row["item"]), difference_reason(row), None, row["amount_twd"]) for row in rows]
