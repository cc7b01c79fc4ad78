"""What came back: every attempt that failed, and the money that went back to the treasury (B-22.2, B-25)."""

from typing import ClassVar

from django.db import models

from disbursement.models.payment import Cheque, PaymentInstruction, RemittanceBatch
from treasury.core.models import APPEND_ONLY


class InstructionAttempt(models.Model):
    """An attempt to pay that the bank returned: under which name, where to, and why. Its name stays known for ever."""

    instruction = models.ForeignKey(PaymentInstruction, on_delete=models.PROTECT, related_name="attempts")
    attempt = models.PositiveSmallIntegerField()
    end_to_end_id = models.CharField(max_length=35, unique=True)
    network = models.CharField(max_length=12)
    bank_code = models.CharField(max_length=7)
    account_no = models.CharField(max_length=16)
    account_name = models.CharField(max_length=80)
    batch = models.ForeignKey(RemittanceBatch, on_delete=models.PROTECT, related_name="attempts")
    return_code = models.CharField(max_length=4)
    ended_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["instruction", "attempt"], name="attempt_once")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.end_to_end_id


class SlipForm(models.TextChoices):
    """The form by which returned money goes back (decision table of requirements section 6)."""

    EXPENDITURE_RETURN = "expenditure_return", "支出收回書"
    PAYMENT_IN = "payment_in", "繳款書"


class ReturnSlip(models.Model):
    """The register entry of a returned remittance that goes back instead of being sent again (B-22.2, B-25).

    `draws`: what it restores, one object per authority: kind, code, fund_code, amount_twd.
    """

    instruction = models.OneToOneField(PaymentInstruction, on_delete=models.PROTECT, related_name="return_slip")
    form = models.CharField(max_length=20, choices=SlipForm)
    fiscal_year = models.PositiveSmallIntegerField()
    slip_no = models.BigIntegerField()
    draws = models.JSONField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "slip_no"], name="slip_no_once"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.slip_no}"


class ChequeCancellation(models.Model):
    """支票註銷: the register entry of a cheque whose money went back to its accounts (B-22.2).

    `draws`: what it restores, one object per authority: kind, code, fund_code, amount_twd.
    """

    cheque = models.OneToOneField(Cheque, on_delete=models.PROTECT, related_name="cancellation")
    fiscal_year = models.PositiveSmallIntegerField()
    cancellation_no = models.BigIntegerField()
    draws = models.JSONField()
    because = models.TextField()
    made_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "cancellation_no"], name="cancellation_no_once"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.cancellation_no}"
