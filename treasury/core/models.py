"""What every app above leans on: history, outbox, number series, idempotency keys, parameters, calendar."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

KEY_LENGTH = 120
APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class History(models.Model):
    """One step taken by one subject, or by many at once (`subject_ids`); never edited, never deleted (B-8)."""

    at = models.DateTimeField()
    machine = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_ids = ArrayField(models.BigIntegerField(), null=True)
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=20)
    actor_agency_code = models.CharField(max_length=20)
    address = models.CharField(max_length=45)
    because = models.TextField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["machine", "subject_id", "id"], name="history_subject"),
            # What an auditor asks for: all of one kind, of one person, of one agency, of one day, newest first.
            models.Index(fields=["machine", "id"], name="history_kind"),
            models.Index(fields=["actor_id", "id"], name="history_person", condition=~models.Q(actor_id=None)),
            models.Index(
                fields=["actor_agency_code", "id"], name="history_agency", condition=~models.Q(actor_agency_code="")
            ),
            BrinIndex(fields=["at"], name="history_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="history_one_or_many",
                condition=models.Q(subject_id__isnull=True) ^ models.Q(subject_ids__isnull=True),
            )
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.machine} {self.subject_id or 'set'}: {self.verb}"


class OutboxEvent(models.Model):
    """News recorded with the effect it tells of; a worker delivers it at least once, a sweeper sees that it does."""

    topic = models.CharField(max_length=60)
    payload = models.JSONField()
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="outbox_due", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class NumberSeries(models.Model):
    """The last number given in a gap-free series (B-23.0)."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class RateCount(models.Model):
    """How many requests somebody (an address, a client) made in a minute; kept for an hour."""

    who = models.CharField(max_length=80)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["who", "minute"], name="rate_once")]
        indexes: ClassVar = [models.Index(fields=["minute"], name="rate_minute")]

    def __str__(self) -> str:
        return f"{self.who} {self.minute:%H:%M}: {self.count}"


class IdempotencyKey(models.Model):
    """A request that has had its effect: the same key returns the same answer, with another body it is refused."""

    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=KEY_LENGTH)
    body_sha256 = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Parameter(models.Model):
    """A value of the treasury's profile from a day on (requirements section 3)."""

    name = models.CharField(max_length=60)
    valid_from_on = models.DateField()
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "valid_from_on"], name="parameter_once_a_day")]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from_on}"


class CalendarDay(models.Model):
    """A day on which the official calendar differs from the packaged one: a make-up day or a day off."""

    on = models.DateField(primary_key=True)
    is_business_day = models.BooleanField()
    note = models.CharField(max_length=100, default="")

    def __str__(self) -> str:
        return f"{self.on}"
