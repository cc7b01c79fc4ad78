"""Reading the registers of the desk: what came in, what waits for an examiner, what went back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from disbursement.models import Acceptance, FindingPreview, Reception, ReturnNotice
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.errors import Problem
from treasury.core.models import History
from vouchers import selectors as vouchers
from vouchers.states import VOUCHER

if TYPE_CHECKING:
    from vouchers.models import Voucher

# Where a voucher waits for an examiner, and where for paper.
TO_EXAMINE: Final = ("received", "paper_received")
ON_HOLD: Final = "on_hold_paper"
UNDECIDED: Final = (*TO_EXAMINE, ON_HOLD)
# What the treasury can still send back: the agency may ask for that, and an examiner answers (B-13.2).
RETURNABLE: Final = VOUCHER.step("return_to_agency").sources
# How far back an agency's returns tell an examiner something.
EARLIER_DAYS: Final = 365
EARLIER_MAX: Final = 10


def vouchers_to_examine(states: Sequence[str] = TO_EXAMINE) -> QuerySet[Voucher]:
    """Vouchers that wait for an examiner, oldest first, with `received_at`, `first_payee`, their agency, and
    `is_asked_back`: whether it has asked for their return."""
    return _told(vouchers.vouchers_in(states)).annotate(is_asked_back=vouchers.return_asked())


def vouchers_asked_back() -> QuerySet[Voucher]:
    """Vouchers whose agency has asked for their return and that nothing has been paid of, also those accepted or
    scheduled already; as `vouchers_to_examine` gives them (B-13.2)."""
    return vouchers_to_examine(sorted(RETURNABLE)).filter(vouchers.return_asked())


def vouchers_unjudged(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Of vouchers that wait for a decision those whose revision in hand nobody has looked ahead at yet."""
    known = FindingPreview.objects.filter(voucher_id=OuterRef("pk"), revision=OuterRef("revision"))
    return rows.filter(~Exists(known), state__in=UNDECIDED)


def vouchers_found(rows: QuerySet[Voucher], *, has_findings: bool) -> QuerySet[Voucher]:
    """Of vouchers those in which the rules found something (or nothing) when they were last asked."""
    known = FindingPreview.objects.filter(
        voucher_id=OuterRef("pk"), revision=OuterRef("revision"), has_findings=has_findings
    )
    return rows.filter(Exists(known))


def vouchers_not_received() -> QuerySet[Voucher]:
    """Vouchers that were handed over and not taken in yet, oldest first, with `moved_at`: when they were released."""
    return _told(vouchers.vouchers_in(["released"])).annotate(moved_at=_last_moved())


def vouchers_in_the_mail() -> QuerySet[Voucher]:
    """Paper vouchers on their way to the treasury, oldest first, with `moved_at`: when they were mailed (A-5.4)."""
    return _told(vouchers.vouchers_in(["mailed"])).annotate(moved_at=_last_moved())


def not_received_since(at: datetime, *, up_to: int) -> int:
    """How many vouchers were released before a moment and are not taken in yet; counted no further than `up_to`."""
    rows = vouchers.vouchers_in(["released"]).annotate(moved_at=_last_moved()).filter(moved_at__lt=at)
    return rows.order_by()[:up_to].count()


def receptions_of_day(on: date, *, only_rejected: bool = False) -> QuerySet[Reception]:
    """What was taken in on a day by receipt number, with `is_rejected`: whether it went straight back."""
    straight_back = ReturnNotice.objects.filter(
        voucher_id=OuterRef("voucher_id"), revision=OuterRef("revision"), examiner_name=SYSTEM.name
    )
    rejected = Q(verdict__ok=False) | Exists(straight_back)
    rows = Reception.objects.filter(received_on=on).order_by("fiscal_year", "receipt_no")
    rows = rows.filter(rejected) if only_rejected else rows
    return rows.annotate(is_rejected=rejected).select_related("voucher").defer("voucher__content")


def reception_of(voucher: Voucher) -> Reception | None:
    """The reception of the revision in hand, None before it."""
    return Reception.objects.filter(voucher_id=voucher.pk, revision=voucher.revision).first()


def acceptance_of(voucher: Voucher) -> Acceptance | None:
    """The register entry of the revision in hand, None before it."""
    return Acceptance.objects.filter(voucher_id=voucher.pk, revision=voucher.revision).first()


def notices_of_voucher(voucher: Voucher) -> QuerySet[ReturnNotice]:
    """Every return of a voucher, the last first."""
    return ReturnNotice.objects.filter(voucher_id=voucher.pk).order_by("-revision")


def notice(notice_id: int) -> ReturnNotice:
    """A return notice with its voucher; Problem `not_found` (404)."""
    row = ReturnNotice.objects.select_related("voucher").defer("voucher__content").filter(pk=notice_id).first()
    if row is None:
        raise Problem("not_found", f"there is no return notice {notice_id}", status=404)
    return row


def notices_of_agency(voucher: Voucher) -> list[ReturnNotice]:
    """The last returns of other vouchers of an agency within a year: what it has been told before."""
    since = clock.today() - timedelta(days=EARLIER_DAYS)
    rows = ReturnNotice.objects.filter(voucher__agency_id=voucher.agency_code, returned_on__gte=since)
    told = rows.exclude(voucher_id=voucher.pk).select_related("voucher").defer("voucher__content")
    return list(told.order_by("-returned_on", "-fiscal_year", "-notice_no")[:EARLIER_MAX])


def last_act(voucher: Voucher) -> History | None:
    """The last step taken on a voucher: who did what, and when."""
    return History.objects.filter(machine=VOUCHER.name, subject_id=voucher.pk).order_by("-id").first()


def paper_acts(voucher: Voucher) -> list[History]:
    """What was done about paper on a voucher, in order: asked for, agreed, taken in."""
    verbs = ("hold_for_paper", "resume", "receive_paper")
    rows = History.objects.filter(machine=VOUCHER.name, subject_id=voucher.pk, verb__in=verbs)
    return list(rows.order_by("id"))


def _told(rows: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Vouchers with what a line about them says, so that a page or file of them asks no further."""
    received = Reception.objects.filter(voucher_id=OuterRef("pk"), revision=OuterRef("revision"))
    return rows.select_related("agency").annotate(
        first_payee=KT("content__payee_lines__0__name"), received_at=Subquery(received.values("received_at")[:1])
    )


def _last_moved() -> Subquery:
    acts = History.objects.filter(machine=VOUCHER.name, subject_id=OuterRef("pk")).order_by("-id")
    return Subquery(acts.values("at")[:1], output_field=DateTimeField())
