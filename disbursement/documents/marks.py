"""公庫處理: what the treasury did with a voucher, as the last row of its form shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from disbursement.documents.wording import numbered, person
from disbursement.models import Acceptance, Cheque, PaymentInstruction, Reception, ReturnNotice
from treasury.core.documents.shapes import Mark
from treasury.core.roc import format_date
from vouchers.acts import Act, acts_of

if TYPE_CHECKING:
    from vouchers.models import Voucher

Revision = tuple[int, int]


@dataclass(slots=True)
class _Payment:
    """How a voucher's money left: batches or cheques, in their order, and how many lines came back."""

    numbers: list[str] = field(default_factory=list)
    unit: str = "批"
    returned: int = 0


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the desk's tables know of some vouchers."""

    receptions: Mapping[Revision, Reception]
    acceptances: Mapping[Revision, Acceptance]
    notices: Mapping[Revision, ReturnNotice]
    payments: Mapping[int, _Payment]
    acts: Mapping[int, Mapping[str, Act]]


def voucher_marks(vouchers: Sequence[Voucher]) -> dict[int, tuple[Mark, ...]]:
    """收件, 審核, 登記, 支付 of the revision in hand of each voucher, by voucher id; a fixed number of statements.

    A place where nothing has happened yet has its label only.
    """
    ids = [voucher.pk for voucher in vouchers]
    desk = _Desk(
        receptions={(row.voucher_id, row.revision): row for row in Reception.objects.filter(voucher_id__in=ids)},
        acceptances={(row.voucher_id, row.revision): row for row in Acceptance.objects.filter(voucher_id__in=ids)},
        notices={(row.voucher_id, row.revision): row for row in ReturnNotice.objects.filter(voucher_id__in=ids)},
        payments=_payments(ids),
        acts=acts_of(ids),
    )
    return {voucher.pk: _marks(voucher, desk) for voucher in vouchers}


def _payments(ids: Sequence[int]) -> dict[int, _Payment]:
    payments: dict[int, _Payment] = defaultdict(_Payment)
    lines = PaymentInstruction.objects.filter(voucher_id__in=ids).values("voucher_id", "batch__message_id")
    back = Count("pk", filter=Q(state__in=("returned_by_bank", "corrected", "returned_to_treasury")))
    for row in lines.annotate(returned=back).order_by("voucher_id", "batch__message_id"):
        payment = payments[row["voucher_id"]]
        payment.numbers += filter(None, [row["batch__message_id"]])
        payment.returned += row["returned"]
    cheques = Cheque.objects.filter(voucher_id__in=ids).exclude(state__in=("spoiled", "cancelled"))
    for voucher_id, series, serial in cheques.order_by("serial").values_list("voucher_id", "series", "serial"):
        assert voucher_id is not None
        payments[voucher_id].numbers.append(f"{series}{serial}")
        payments[voucher_id].unit = "張"
    return dict(payments)


def _marks(voucher: Voucher, desk: _Desk) -> tuple[Mark, ...]:
    revision = (voucher.pk, voucher.revision)
    acts = desk.acts.get(voucher.pk, {})
    return (
        _received(desk.receptions.get(revision), acts),
        _examined(desk.acceptances.get(revision), desk.notices.get(revision)),
        _registered(desk.acceptances.get(revision)),
        _paid(voucher, desk.payments.get(voucher.pk, _Payment()), acts),
    )


def _received(row: Reception | None, acts: Mapping[str, Act]) -> Mark:
    if row is None:
        return Mark(label="收件")
    if "receive_paper" in acts:
        by = acts["receive_paper"].name
    else:
        by = "電子簽章不符" if "reject" in acts else "電子簽章相符"
    return Mark(label="收件", number=numbered(row.fiscal_year, row.receipt_no), by=by, at=row.received_at)


def _examined(acceptance: Acceptance | None, notice: ReturnNotice | None) -> Mark:
    if notice is not None:
        number = numbered(notice.fiscal_year, notice.notice_no)
        by = person(notice.examiner_name)
        return Mark(label="審核", number=number, by=by, at=notice.returned_at, stamp="退件")
    if acceptance is None:
        return Mark(label="審核")
    return Mark(label="審核", by=acceptance.examiner_name, at=acceptance.accepted_at)


def _registered(row: Acceptance | None) -> Mark:
    if row is None:
        return Mark(label="登記")
    return Mark(label="登記", number=numbered(row.fiscal_year, row.register_no), at=row.accepted_at)


def _paid(voucher: Voucher, payment: _Payment, acts: Mapping[str, Act]) -> Mark:
    """Where the money went and when; a voucher that waits says for what."""
    if voucher.state == "posted":
        return Mark(label="支付", at=acts["post"].at, stamp="轉帳")
    if voucher.state in ("accepted", "scheduled"):
        return Mark(label="支付", by=f"排定 {format_date(voucher.payable_on)}")
    if voucher.state == "postponed":
        return Mark(label="支付", by="延後支付")
    if voucher.state not in ("paying", "paid"):
        return Mark(label="支付")
    first, count = next(iter(payment.numbers), ""), len(payment.numbers)
    return Mark(
        label="支付",
        number=first if count < 2 else f"{first} 等 {count:,} {payment.unit}",
        by=f"退匯 {payment.returned:,} 筆" if payment.returned else "",
        at=acts["begin_payment" if voucher.state == "paying" else "complete_payment"].at,
        stamp="付訖" if voucher.state == "paid" else "",
    )
