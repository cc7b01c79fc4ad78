"""What proves a payment: trust material, cards, nonces, signatures, the electronic payment document."""

from typing import ClassVar, Final

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField

from signing.card_models import CardHold as CardHold
from signing.card_models import CardNotice as CardNotice
from signing.card_models import NoticeKind as NoticeKind
from signing.card_models import SignerKind as SignerKind
from signing.card_models import SignerRegistration as SignerRegistration
from signing.content import CAPACITIES
from signing.log.models import EntryKind as EntryKind
from signing.log.models import LogEntry as LogEntry
from signing.log.models import LogHead as LogHead
from signing.log.models import LogNode as LogNode
from signing.states import CARD, OVER
from signing.states import CardState as CardState
from signing.trust_models import FolderReading as FolderReading
from signing.trust_models import ListRefusal as ListRefusal
from treasury.core.models import APPEND_ONLY
from treasury.core.steps import governed_by

REF_LENGTH: Final = 50


class IssuerKind(models.TextChoices):
    """Who issues cards: for agencies, for schools and organisations, for citizens (A-2.1, B-6.2)."""

    GCA = "GCA", "政府憑證管理中心"
    XCA = "XCA", "組織及團體憑證管理中心"
    MOICA = "MOICA", "內政部憑證管理中心"


class Authority(models.Model):
    """A certificate authority we know: an anchor pinned by its fingerprint, or one below it."""

    fingerprint = models.BinaryField(max_length=32, unique=True)
    der = models.BinaryField()
    subject = models.TextField()
    is_anchor = models.BooleanField()
    issuer_kind = models.CharField(max_length=5, choices=IssuerKind, default="", blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    imported_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.subject


class CrlGeneration(models.Model):
    """One revocation list as it was published; all are kept, for a hold that was lifted leaves no later trace."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="generations")
    scope = models.BinaryField(max_length=32)
    number = models.DecimalField(max_digits=50, decimal_places=0)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    sha256 = models.BinaryField(max_length=32, unique=True)
    der = models.BinaryField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="crl_number_once", fields=["authority", "scope", "number"]),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.authority} {self.number}"


@governed_by(CARD)
class Card(models.Model):
    """The registration of a card's signing certificate to a person, an agency and a capacity (A-2.1, B-12.1).

    `active_from` and `ended_at` bound the time in which its signatures count, so that an old signature can be
    judged by the registration of its own day; the times on hold between them are `holds`. `replaces` is the card that
    ends when this one comes into force.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards")
    agency_code = models.CharField(max_length=20)
    capacity = models.CharField(max_length=20)
    card_no = models.CharField(max_length=32)
    issuer_kind = models.CharField(max_length=5, choices=IssuerKind)
    certificate = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32, unique=True)
    spki_sha256 = models.BinaryField(max_length=32)
    serial = models.CharField(max_length=64)
    subject = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    state = FSMField(default=CardState.REGISTERED.value, protected=True, max_length=20, choices=CardState.choices)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)
    registered_by_id = models.BigIntegerField(null=True)
    activated_by_id = models.BigIntegerField(null=True)
    active_from = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(default="", blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency_code", "capacity"], name="card_of_agency"),
            models.Index(fields=["user"], name="card_of_user"),
            models.Index(fields=["spki_sha256"], name="card_of_key"),
            models.Index(fields=["valid_to"], name="card_expiry"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="card_capacity_known", condition=Q(capacity__in=list(CAPACITIES))),
            models.CheckConstraint(
                name="card_active_since",
                condition=~Q(state__in=["active", "on_hold"]) | Q(active_from__isnull=False),
            ),
            models.CheckConstraint(
                name="card_ended_at", condition=~Q(state__in=list(OVER)) | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(
                name="card_dates_in_order",
                condition=Q(active_from__isnull=True) | Q(ended_at__isnull=True) | Q(ended_at__gte=F("active_from")),
            ),
            models.CheckConstraint(
                name="card_activated_by_another",
                condition=Q(activated_by_id__isnull=True)
                | (
                    (Q(registered_by_id__isnull=True) | ~Q(activated_by_id=F("registered_by_id")))
                    & ~Q(activated_by_id=F("user_id"))
                ),
            ),
            models.UniqueConstraint(
                name="card_replaced_once",
                fields=["replaces"],
                condition=Q(replaces__isnull=False, ended_at__isnull=True),
            ),
        ]
        triggers: ClassVar = [
            *CARD.triggers(),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="certificate_fixed",
                fields=["user", "agency_code", "capacity", "card_no", "certificate", "fingerprint"],
            ),
            # When a card came into force and when it ended stands: old signatures are judged by it.
            pgtrigger.Protect(
                name="times_stand",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.active_from IS NOT NULL AND NEW.active_from IS DISTINCT FROM OLD.active_from) "
                    "OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at))"
                ),
            ),
            # A key is one person's in one capacity: a renewed card may have it again, nobody else's may.
            pgtrigger.Trigger(
                name="key_of_one",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('card key'), hashtext(encode(NEW.spki_sha256, 'hex')));
                    IF EXISTS (
                        SELECT FROM signing_card WHERE spki_sha256 = NEW.spki_sha256
                        AND (user_id, agency_code, capacity) <> (NEW.user_id, NEW.agency_code, NEW.capacity)
                    ) THEN
                        RAISE EXCEPTION 'the key of card % is registered in another capacity', NEW.card_no;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_no} {self.agency_code} {self.capacity}"


class Nonce(models.Model):
    """A number used once, for one person, document, revision and capacity; its SHA-256 only.

    `content_sha256` holds the content it was issued for, where the content was made with it.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    document_ref = models.CharField(max_length=REF_LENGTH)
    revision = models.PositiveIntegerField()
    capacity = models.CharField(max_length=20)
    user_id = models.BigIntegerField()
    session = models.CharField(max_length=64, default="", blank=True)
    content_sha256 = models.BinaryField(max_length=32, null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="nonce_expires_later", condition=Q(expires_at__gt=F("issued_at")))
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.used_at IS NOT NULL"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_ref} {self.capacity}"


class SignedBody(models.Model):
    """The canonical bytes of a voucher, stored once however many sign it; checked to be canonical when stored."""

    sha256 = models.BinaryField(max_length=32, primary_key=True)
    body = models.BinaryField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return bytes(self.sha256).hex()


class Signature(models.Model):
    """One signature that passed the gate: head and body are the signed bytes, `message` the CMS (A-1.1, A-1.2).

    `token` is the timestamp over the signature's value, `token_at` its moment, as of which the signature is judged for
    good; `signed_at` is when it was received here.
    """

    document_ref = models.CharField(max_length=REF_LENGTH)
    revision = models.PositiveIntegerField()
    capacity = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    agency_code = models.CharField(max_length=20)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="signatures")
    head = models.BinaryField()
    body = models.ForeignKey(SignedBody, on_delete=models.PROTECT, related_name="signatures")
    message = models.BinaryField()
    content_sha256 = models.BinaryField(max_length=32)
    message_sha256 = models.BinaryField(max_length=32)
    signing_time = models.DateTimeField()
    signed_at = models.DateTimeField()
    token = models.BinaryField()
    token_at = models.DateTimeField()
    verdict = models.JSONField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="signature_once", fields=["document_ref", "revision", "capacity"]),
            models.CheckConstraint(name="signature_capacity_known", condition=Q(capacity__in=list(CAPACITIES))),
        ]
        indexes: ClassVar = [
            # What was signed in a capacity while its change had not been reported (B-12.2).
            models.Index(fields=["agency_code", "capacity", "signed_at"], name="signature_of_capacity"),
        ]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.document_ref} r{self.revision} {self.capacity}"


class ElectronicPaymentDocument(models.Model):
    """電子支付文件: the signatures of a released document, tied together by one digest; never changed (A-1.1)."""

    document_ref = models.CharField(max_length=REF_LENGTH)
    revision = models.PositiveIntegerField()
    signature_ids = ArrayField(models.BigIntegerField())
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="document_once", fields=["document_ref", "revision"]),
        ]
        indexes: ClassVar = [models.Index(fields=["sealed_at"], name="document_sealed_at")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.document_ref} r{self.revision}"
