"""Vouchers and the files they came in."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django_fsm import FSMField

from treasury.core.models import APPEND_ONLY
from treasury.core.steps import governed_by
from vouchers.drafts import DraftForm as DraftForm
from vouchers.drafts import UploadedFile as UploadedFile
from vouchers.exchange import VoucherChange as VoucherChange
from vouchers.exchange import VoucherJob as VoucherJob
from vouchers.exchange import VoucherJobItem as VoucherJobItem
from vouchers.states import STATES, VOUCHER

_NAME = ("agency_code", "fiscal_year", "number")
_CONTENT = ("kind", "method", "issue_on", "payable_on", "purpose", "total_twd", "payee_count", "content")

# Not over yet: what home watches the day of. A partial index holds them alone, however many are paid.
DUE_STATES = (
    *("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "returned"),
    *("printed", "paper_signed", "released", "received", "on_hold_paper", "accepted", "postponed", "scheduled"),
    *("mailed", "paper_received"),
)


def _differ(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


NAME_FROZEN = pgtrigger.Trigger(
    name="name_frozen",
    operation=pgtrigger.UpdateOf(*_NAME),  # type: ignore[no-untyped-call]
    when=pgtrigger.Before,
    condition=pgtrigger.Condition(_differ(_NAME)),
    func="RAISE EXCEPTION 'voucher % keeps its name', OLD.number;",
)
# What reviewers and signers saw is what is paid: only a draft may change.
CONTENT_FROZEN = pgtrigger.Trigger(
    name="content_frozen",
    operation=pgtrigger.UpdateOf(*_CONTENT),  # type: ignore[no-untyped-call]
    when=pgtrigger.Before,
    condition=pgtrigger.Condition(f"OLD.state <> 'draft' AND ({_differ(_CONTENT)})"),
    func="RAISE EXCEPTION 'voucher % is no draft any more, its content stands', OLD.number;",
)
# Payees and accounts stand deep in the content; here they are kept so that a list can be narrowed by them. PostgreSQL
# does it itself, whatever way a voucher comes in, and only when a content is written: a step costs nothing.
SEARCHED = pgtrigger.Trigger(
    name="searched",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("content"),  # type: ignore[no-untyped-call]
    when=pgtrigger.After,
    func="""
        IF TG_OP = 'UPDATE' THEN DELETE FROM vouchers_searchterm WHERE voucher_id = NEW.id; END IF;
        INSERT INTO vouchers_searchterm (voucher_id, field, text)
        SELECT NEW.id, 'payee', left(line->>'name', 100)
        FROM jsonb_array_elements(COALESCE(NEW.content->'payee_lines', '[]')) AS line WHERE line->>'name' <> ''
        UNION SELECT NEW.id, 'account', left(line->>'account_code', 100)
        FROM jsonb_array_elements(COALESCE(NEW.content->'account_lines', '[]')) AS line;
        RETURN NULL;
    """,
)


@governed_by(VOUCHER)
class Voucher(models.Model):
    """A payment or transfer voucher 付款憑單 / 轉帳憑單.

    `content` is the voucher object of the contract, whole and exact; the columns beside it only repeat what queues
    and searches need.
    """

    agency = models.ForeignKey(
        "agencies.Agency",
        to_field="code",
        db_column="agency_code",
        on_delete=models.PROTECT,
        related_name="+",
    )
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10)
    method = models.CharField(max_length=20, blank=True)
    state = FSMField(default="draft", protected=True, choices=[(name, zh) for name, (zh, _) in STATES.items()])
    origin = models.CharField(max_length=10)
    issue_on = models.DateField()
    payable_on = models.DateField()
    purpose = models.CharField(max_length=200)
    total_twd = models.BigIntegerField()
    payee_count = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "fiscal_year", "number"], name="voucher_number_once"),
            models.CheckConstraint(name="voucher_total_positive", condition=models.Q(total_twd__gt=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="voucher_queue"),
            models.Index(fields=["agency", "state", "id"], name="voucher_agency_queue"),
            # What the list narrows by, beside the state; the rest is few enough among these.
            models.Index(fields=["agency", "id"], name="voucher_of_agency"),
            models.Index(fields=["method", "id"], name="voucher_method"),
            # Transfers are few among payments.
            models.Index(fields=["id"], name="voucher_transfer", condition=models.Q(kind="transfer")),
            models.Index(fields=["total_twd"], name="voucher_amount"),
            models.Index(fields=["payable_on"], name="voucher_due"),
            models.Index(
                fields=["payable_on", "id"], name="voucher_open_due", condition=models.Q(state__in=DUE_STATES)
            ),
            models.Index(fields=["number"], name="voucher_number", opclasses=["varchar_pattern_ops"]),
        ]
        triggers: ClassVar = [*VOUCHER.triggers(), NAME_FROZEN, CONTENT_FROZEN, SEARCHED]

    def __str__(self) -> str:
        return self.reference

    @property
    def agency_code(self) -> str:
        """The code of the agency that issued it."""
        return str(self.agency_id)

    @property
    def reference(self) -> str:
        """`agency/fiscal year/number`, the name of the voucher in every book and document."""
        return f"{self.agency_id}/{self.fiscal_year}/{self.number}"

    @property
    def payee_lines(self) -> list[dict[str, Any]]:
        """The payee list as handed in; empty for a transfer voucher."""
        lines: list[dict[str, Any]] = self.content.get("payee_lines", [])
        return lines


class IntakeFile(models.Model):
    """A voucher file that was handed in, known by the SHA-256 of its bytes (B-8)."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    agency_code = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    handed_in_on = models.DateField()
    handed_in_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.name


class IntakeItem(models.Model):
    """One voucher of a file: taken (then it has a voucher) or refused with its findings. Its number counts as used."""

    file = models.ForeignKey(IntakeFile, on_delete=models.PROTECT, related_name="items")
    index = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    total_twd = models.BigIntegerField()
    voucher = models.ForeignKey(Voucher, null=True, on_delete=models.PROTECT, related_name="intake")
    findings = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "index"], name="intake_item_once")]
        indexes: ClassVar = [models.Index(fields=["number"], name="intake_number")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.file} #{self.index} {self.number}"


class SearchTerm(models.Model):
    """A payee's name or an account's code in a voucher's content, each once; written by PostgreSQL alone."""

    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="search_terms", db_index=False)
    field = models.CharField(max_length=10)
    text = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["field", "text", "voucher"],
                name="search_text",
                opclasses=["varchar_ops", "varchar_pattern_ops", "int8_ops"],
            ),
            models.Index(fields=["voucher"], name="search_of_voucher"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.text}"


class ReturnRequest(models.Model):
    """An agency's request that the treasury return a voucher it has taken in, once a revision (B-13.2)."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="return_requests")
    revision = models.PositiveIntegerField()
    because = models.TextField()
    requested_at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=20)
    address = models.CharField(max_length=45)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["voucher", "revision"], name="return_request_once")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.voucher} r{self.revision}"
