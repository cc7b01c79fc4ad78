"""What may be spent: years, budget lines and their months, advance cases, funds."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from treasury.core.models import APPEND_ONLY
from treasury.ledger.models.triggers import NEVER_DELETED


class FiscalYear(models.Model):
    """A budget year (ROC) whose budget was imported; a year without a row counts as closed."""

    class State(models.TextChoices):
        OPEN = "open", "開帳"
        CLOSED = "closed", "關帳"

    year = models.PositiveSmallIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "會計年度"
        verbose_name_plural = "會計年度"
        triggers: ClassVar = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.year} {self.state}"


class BudgetLine(models.Model):
    """An account of the approved budget of one year: whose it is, its gate, the amount of the whole year (B-9.3.1)."""

    class Gate(models.TextChoices):
        CURRENT = "current", "經常門"
        CAPITAL = "capital", "資本門"

    fiscal_year = models.PositiveSmallIntegerField()
    account_code = models.CharField(max_length=20)
    account_name = models.CharField(max_length=100)
    level = models.CharField(max_length=10)
    agency_code = models.CharField(max_length=20)
    agency_name = models.CharField(max_length=100)
    gate = models.CharField(max_length=10, choices=Gate.choices)
    annual_twd = models.BigIntegerField()

    class Meta:
        verbose_name = "預算科目"
        verbose_name_plural = "預算科目"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "account_code"], name="budget_line_once_a_year"),
            models.CheckConstraint(condition=Q(annual_twd__gte=0), name="budget_line_not_below_zero"),
            models.CheckConstraint(condition=Q(gate__in=["current", "capital"]), name="budget_line_gate"),
        ]
        triggers: ClassVar = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.account_code} {self.account_name}"


class Allotment(models.Model):
    """One month's share of a budget line; it counts as available from the month's first day on (B-23.2.1)."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="allotments", db_index=False)
    month = models.PositiveSmallIntegerField()
    amount_twd = models.BigIntegerField()
    released = models.BooleanField(default=False)

    class Meta:
        verbose_name = "分配預算"
        verbose_name_plural = "分配預算"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "month"], name="allotment_once_a_month"),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="allotment_month"),
            models.CheckConstraint(condition=Q(amount_twd__gte=0), name="allotment_not_below_zero"),
        ]
        triggers: ClassVar = [
            NEVER_DELETED,
            pgtrigger.Protect(
                name="fixed_when_released",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.month}: {self.amount_twd}"


class AdvanceCase(models.Model):
    """An approved advance (墊付款) of an agency; what is left of it is the balance of its authority (B-31, B-32)."""

    agency_code = models.CharField(max_length=20)
    case_no = models.CharField(max_length=40)
    approved_twd = models.BigIntegerField()
    approval_doc_no = models.CharField(max_length=60)

    class Meta:
        verbose_name = "墊付款案"
        verbose_name_plural = "墊付款案"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency_code", "case_no"], name="advance_case_once"),
            models.CheckConstraint(condition=Q(approved_twd__gt=0), name="advance_case_above_zero"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.case_no}"


class Fund(models.Model):
    """A special fund or special account in central payment; its money is account 3201/<code> (B-5)."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    agency_code = models.CharField(max_length=20)

    class Meta:
        verbose_name = "特種基金及專戶"
        verbose_name_plural = "特種基金及專戶"
        triggers: ClassVar = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
