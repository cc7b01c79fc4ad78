"""What the bank told us, and the day's reconciliation with it (B-28)."""

from typing import ClassVar

from django.db import models

from treasury.core.models import APPEND_ONLY


class BankMessage(models.Model):
    """A message of the bank, kept byte by byte before anybody reads it."""

    kind = models.CharField(max_length=10)
    reference = models.CharField(max_length=60)
    body = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "reference"], name="bank_message_once")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class TreasuryDay(models.Model):
    """A day the treasury worked on; the books never go back behind the last one."""

    on = models.DateField(primary_key=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.on}"


class Reconciliation(models.Model):
    """The day's comparison of books and bank, each time it was made: figures and every difference with its reason."""

    on = models.DateField(db_index=True)
    made_at = models.DateTimeField()
    statement = models.ForeignKey(BankMessage, on_delete=models.PROTECT)
    figures = models.JSONField()
    differences = models.JSONField()
    is_balanced = models.BooleanField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.on}: {'balanced' if self.is_balanced else 'differs'}"
