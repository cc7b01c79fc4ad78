"""Reception, acceptance, return: the registers of the examining desk, append-only (B-8)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from treasury.core.models import APPEND_ONLY


class Reception(models.Model):
    """收件: one revision of a voucher taken in, with the verdict on its signatures (B-23.0, A-1.2)."""

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="receptions")
    revision = models.PositiveIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    receipt_no = models.BigIntegerField()
    received_on = models.DateField()
    received_at = models.DateTimeField()
    verdict = models.JSONField()

    class Meta:
        # A register is read by its day, in the order of its numbers.
        indexes: ClassVar = [models.Index(fields=["received_on", "fiscal_year", "receipt_no"], name="reception_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "revision"], name="reception_once"),
            models.UniqueConstraint(fields=["fiscal_year", "receipt_no"], name="receipt_no_once"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.receipt_no}"


class Acceptance(models.Model):
    """編號登記: the register entry of a revision of a voucher that passed the examination (B-23.0)."""

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="acceptances")
    revision = models.PositiveIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    register_no = models.BigIntegerField()
    accepted_on = models.DateField()
    accepted_at = models.DateTimeField()
    examiner_id = models.BigIntegerField(null=True)
    examiner_name = models.CharField(max_length=80)

    class Meta:
        # A register is read by its day, in the order of its numbers.
        indexes: ClassVar = [models.Index(fields=["accepted_on", "fiscal_year", "register_no"], name="acceptance_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "revision"], name="accepted_once"),
            models.UniqueConstraint(fields=["fiscal_year", "register_no"], name="register_no_once"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.register_no}"


class ReturnNotice(models.Model):
    """退件: a revision of a voucher sent back with its reasons (B-24)."""

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="return_notices")
    revision = models.PositiveIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    notice_no = models.BigIntegerField()
    reasons = ArrayField(models.CharField(max_length=3))
    findings = models.JSONField(default=list)
    note = models.TextField(default="")
    returned_on = models.DateField()
    returned_at = models.DateTimeField()
    examiner_name = models.CharField(max_length=80)

    class Meta:
        # A register is read by its day, in the order of its numbers.
        indexes: ClassVar = [models.Index(fields=["returned_on", "fiscal_year", "notice_no"], name="return_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "revision"], name="returned_once"),
            models.UniqueConstraint(fields=["fiscal_year", "notice_no"], name="notice_no_once"),
            models.CheckConstraint(name="return_has_reasons", condition=models.Q(reasons__len__gt=0)),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.notice_no}"


class FindingPreview(models.Model):
    """What the rules last found in a voucher that waits for its examination: what the queue is narrowed by.

    A look ahead that may be taken again at any time; nothing is decided by it.
    """

    voucher = models.OneToOneField(
        "vouchers.Voucher", primary_key=True, on_delete=models.CASCADE, related_name="finding_preview"
    )
    revision = models.PositiveIntegerField()
    has_findings = models.BooleanField()
    judged_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["has_findings", "voucher", "revision"], name="preview_found"),
            models.Index(fields=["judged_at"], name="preview_age"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} r{self.revision}: {self.has_findings}"
