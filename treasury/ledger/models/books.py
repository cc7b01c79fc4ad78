"""The books: authorities and their balances, postings and entries, the chains that make every change visible.

Rows of Posting, Entry and Chain and the balances of Authority are written by the function `ledger_book` alone
(migration 0002); the triggers refuse every other hand. Foreign keys here carry no constraint of their own: the
function resolves the ids itself, nothing they point to can be deleted, and `invariants` looks for orphans.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from treasury.core.models import APPEND_ONLY
from treasury.ledger import chart
from treasury.ledger.authorities import Kind
from treasury.ledger.models.triggers import NEVER_DELETED, by_booking_only


class Authority(models.Model):
    """What may be spent on one ground (a budget line, an advance case, a fund), always up to date.

    The amounts are the balances of accounts 8201 to 8205 kept for this authority. PostgreSQL refuses any of them
    below zero, and a relief of more than was reserved or spent, whatever the code does (B-23.2.1, B-11.4).
    """

    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    fiscal_year = models.PositiveSmallIntegerField(null=True)
    agency_code = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    available_twd = models.BigIntegerField(default=0)
    reserved_twd = models.BigIntegerField(default=0)
    expended_twd = models.BigIntegerField(default=0)
    relieved_twd = models.BigIntegerField(default=0)
    settled_twd = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "支用依據餘額"
        verbose_name_plural = "支用依據餘額"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(available_twd__gte=0, reserved_twd__gte=0, expended_twd__gte=0)
                & Q(relieved_twd__gte=0, settled_twd__gte=0),
                name="authority_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(relieved_twd__lte=F("reserved_twd") + F("expended_twd")),
                name="authority_relieves_what_was_spent",
            ),
            models.CheckConstraint(
                condition=Q(kind="budget") ^ Q(fiscal_year__isnull=True), name="authority_year_of_budget"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fiscal_year", "agency_code"], name="authority_of_agency")]
        triggers: ClassVar = [
            NEVER_DELETED,
            by_booking_only(pgtrigger.Update),
            pgtrigger.Protect(
                name="begins_at_zero",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(
                    new__available_twd=0,
                    new__reserved_twd=0,
                    new__expended_twd=0,
                    new__relieved_twd=0,
                    new__settled_twd=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Chain(models.Model):
    """The chain of postings of one agency and fiscal year, and its last link; agency empty: the treasury's own."""

    agency_code = models.CharField(max_length=20, blank=True)
    fiscal_year = models.PositiveSmallIntegerField()
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField()

    class Meta:
        verbose_name = "帳務鏈"
        verbose_name_plural = "帳務鏈"
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency_code", "fiscal_year"], name="chain_once")]
        triggers: ClassVar = [NEVER_DELETED, by_booking_only(pgtrigger.Insert | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.agency_code or 'treasury'} {self.fiscal_year}"


class Posting(models.Model):
    """One business event in the books; carries the hash of the posting before it in its chain."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    seq = models.BigIntegerField()
    event_type = models.CharField(max_length=30)
    event_ref = models.CharField(max_length=120)
    booked_on = models.DateField()
    at = models.DateTimeField()
    fingerprint = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = "分錄"
        verbose_name_plural = "分錄"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="posting_once_in_chain"),
            models.UniqueConstraint(fields=["event_type", "event_ref"], name="posting_once_an_event"),
        ]
        triggers: ClassVar = [APPEND_ONLY, by_booking_only(pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_ref}"


class Entry(models.Model):
    """One line of a posting: an account, its authority where the chart says so, a side and an amount above zero."""

    pk = models.CompositePrimaryKey("posting", "line_no")
    posting = models.ForeignKey(
        Posting, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="entries"
    )
    line_no = models.PositiveSmallIntegerField()
    account_code = models.CharField(max_length=4)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False)
    side = models.CharField(max_length=1)
    amount_twd = models.BigIntegerField()

    class Meta:
        verbose_name = "分錄明細"
        verbose_name_plural = "分錄明細"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_twd__gt=0), name="entry_above_zero"),
            models.CheckConstraint(condition=Q(side__in=["C", "D"]), name="entry_side"),
            models.CheckConstraint(condition=Q(account_code__in=chart.CODES), name="entry_account_of_chart"),
            models.CheckConstraint(
                condition=Q(account_code__in=chart.PER_AUTHORITY) ^ Q(authority__isnull=True),
                name="entry_authority_where_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority"], condition=Q(authority__isnull=False), name="entry_of_authority")
        ]
        triggers: ClassVar = [APPEND_ONLY, by_booking_only(pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"{self.posting_id}.{self.line_no} {self.account_code} {self.side} {self.amount_twd}"


class DayDigest(models.Model):
    """The heads of all chains tied into one digest, which carries the digest before it.

    `heads`: `[[agency_code, fiscal_year, seq, hash as hex], ...]` in canonical order. A chain written anew after the
    fact no longer fits the digest taken before.
    """

    on = models.DateField()
    at = models.DateTimeField()
    heads = models.JSONField()
    previous_digest = models.BinaryField()
    digest = models.BinaryField(unique=True)

    class Meta:
        verbose_name = "每日帳務摘要"
        verbose_name_plural = "每日帳務摘要"
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.on}"
