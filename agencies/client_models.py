"""Accounting systems that ask over the API, and the addresses that are told of news."""

from typing import Any, ClassVar, Final

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import AbstractApplication

from agencies.scopes import SCOPES

URL_LENGTH: Final = 500


class ApiClient(AbstractApplication):  # type: ignore[misc]
    """An agency's accounting system: client credentials, the scopes it may ask for, the account it acts as.

    `user` is its technical account, a person without a password in the role of the clerk, so that history, roles and
    separation of duty hold for it as for everybody (A-2.3). The secret is stored as a hash.
    """

    agency = models.ForeignKey("agencies.Agency", to_field="code", on_delete=models.PROTECT, related_name="api_clients")
    scopes = ArrayField(models.CharField(max_length=30))
    created_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, default="", blank=True)

    objects: ClassVar["models.Manager[ApiClient]"] = models.Manager()

    class Meta:
        verbose_name = "介接系統"
        ordering: ClassVar = ["agency_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="client_credentials_only", condition=models.Q(client_type="confidential")),
            models.CheckConstraint(name="client_has_account", condition=models.Q(user__isnull=False)),
            models.CheckConstraint(
                name="client_scopes_known",
                condition=models.Q(scopes__len__gt=0, scopes__contained_by=list(SCOPES)),
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.name}"

    def is_usable(self, request: Any) -> bool:
        """Whether tokens are still given out and taken."""
        return self.revoked_at is None


class WebhookSubscription(models.Model):
    """An address of a client that is told of news, with the secret its messages are signed by.

    Secrets are sealed with the installation's key. While one is being replaced, messages carry both signatures until
    `previous_until`. `position` is how far the feed of changes has been told.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=URL_LENGTH)
    events = ArrayField(models.CharField(max_length=40))
    sealed_secret = models.TextField()
    sealed_previous = models.TextField(default="", blank=True)
    previous_until = models.DateTimeField(null=True)
    position = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知訂閱"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """Where a message stands: to be sent (again), taken by the receiver, given up."""

    WAITING = "waiting", "待送達"
    DELIVERED = "delivered", "已送達"
    FAILED = "failed", "未送達"


class WebhookDelivery(models.Model):
    """One message to one subscription; a repetition keeps its id, so that the receiver knows it (Standard Webhooks)."""

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries")
    message_id = models.CharField(max_length=60)
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    # Attempts since the message was recorded or last replayed: what the waiting time grows by.
    round_attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, default="", blank=True)
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "message_id"], name="webhook_message_once")
        ]
        indexes: ClassVar = [models.Index(fields=["subscription", "state", "id"], name="webhook_by_state")]

    def __str__(self) -> str:
        return self.message_id
