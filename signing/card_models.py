"""What a card's life leaves behind: the times on hold, the signer's applications, the notices before it expires."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from signing.models import Card


class CardHold(models.Model):
    """A time in which a card does not count, from a moment to a moment (none: still); kept when it was lifted."""

    card = models.ForeignKey("signing.Card", on_delete=models.PROTECT, related_name="holds")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    because = models.TextField()
    held_by = models.CharField(max_length=80)
    lifted_by = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="hold_open_once", fields=["card"], condition=Q(to_at__isnull=True)),
            models.CheckConstraint(
                name="hold_times_in_order", condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at"))
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="begin_fixed", fields=["card", "from_at", "because", "held_by"]),
            pgtrigger.Protect(
                name="lifted_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.to_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} from {self.from_at}"


class SignerKind(models.TextChoices):
    """Why a signer's application is filed (B-12.1)."""

    NEW = "new", "新登記"
    CHANGE = "change", "變更"
    LOSS = "loss", "遺失"


class SignerRegistration(models.Model):
    """簽證申請書 of one signer in one capacity (B-12.1): applied for, filed by the treasury, no longer in force.

    `since_at` is when the change or the loss happened; what was signed between it and `filed_at` is the agency's own
    responsibility (B-12.2).
    """

    kind = models.CharField(max_length=10, choices=SignerKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signer_registrations")
    agency_code = models.CharField(max_length=20)
    capacity = models.CharField(max_length=20)
    card = models.ForeignKey("signing.Card", on_delete=models.PROTECT, related_name="registrations")
    letter_no = models.CharField(max_length=60, default="", blank=True)
    since_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=80)
    filed_at = models.DateTimeField(null=True)
    filed_by = models.CharField(max_length=80, default="", blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency_code", "capacity", "id"], name="signer_of_agency")]
        constraints: ClassVar = [
            models.CheckConstraint(name="signer_kind_known", condition=Q(kind__in=SignerKind.values)),
            models.CheckConstraint(
                name="signer_change_since",
                condition=Q(kind="new") | Q(since_at__isnull=False, since_at__lte=F("applied_at")),
            ),
            # A loss counts at once, whatever paper follows.
            models.CheckConstraint(name="signer_loss_at_once", condition=~Q(kind="loss") | Q(filed_at=F("applied_at"))),
            models.CheckConstraint(
                name="signer_times_in_order",
                condition=(Q(filed_at__isnull=True) | Q(filed_at__gte=F("applied_at")))
                & (Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("applied_at"))),
            ),
            models.UniqueConstraint(name="signer_card_applied_once", fields=["card"], condition=~Q(kind="loss")),
            models.UniqueConstraint(name="signer_card_lost_once", fields=["card"], condition=Q(kind="loss")),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="application_fixed",
                fields=["kind", "user", "agency_code", "capacity", "card", "since_at", "applied_at", "applied_by"],
            ),
            pgtrigger.Protect(
                name="times_stand",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.filed_at IS NOT NULL AND NEW.filed_at IS DISTINCT FROM OLD.filed_at) "
                    "OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.agency_code} {self.capacity}"

    @classmethod
    def of(cls, card: "Card", kind: SignerKind, *, applied_at: datetime, applied_by: str) -> "SignerRegistration":
        """An unsaved application of a card's holder for the capacity in which the card signs."""
        place = {"user_id": card.user_id, "agency_code": card.agency_code, "capacity": card.capacity}
        return cls(card=card, kind=kind, applied_at=applied_at, applied_by=applied_by, **place)

    @property
    def state(self) -> str:
        """`applied`, `filed` or `revoked`."""
        return "revoked" if self.revoked_at else "filed" if self.filed_at else "applied"


class NoticeKind(models.TextChoices):
    """How long before a card's expiry somebody is told, in calendar months (A-3.2)."""

    TWO_MONTHS = "cert_2m", "到期前二個月"
    ONE_MONTH = "cert_1m", "到期前一個月"


class CardNotice(models.Model):
    """A message to one person that a card will expire; kept when it was read."""

    card = models.ForeignKey("signing.Card", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="card_notices")
    expires_on = models.DateField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="notice_once", fields=["card", "kind", "user"]),
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=NoticeKind.values)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "id"], name="notice_of_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="message_fixed", fields=["card", "kind", "user", "expires_on", "made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.card_id}"
