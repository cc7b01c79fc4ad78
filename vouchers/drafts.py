"""Forms that are still being filled in, and files that wait for their second look: nothing here is a voucher yet."""

import uuid
from typing import ClassVar

from django.db import models


class DraftForm(models.Model):
    """A voucher form as far as somebody has typed it, saved by itself.

    `fields` has the shape of the voucher object with every value as it was typed; `incoming` holds payee rows of a
    spreadsheet that were looked at and not yet taken in. `version` counts the saves: who saves says which version
    they saw. `voucher` is the draft voucher that it changes, with the digest of the content it began from. `editors`
    are all who saved something in it, as they then acted: whoever sends it, they had a hand in what it says.
    `ends_on` is the day it is cleaned away, announced when nobody has saved it for long.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agency_code = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    owner = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    voucher = models.OneToOneField("vouchers.Voucher", null=True, on_delete=models.PROTECT, related_name="draft_form")
    based_on_sha256 = models.CharField(max_length=64, default="", blank=True)
    version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    incoming = models.JSONField(null=True)
    number = models.CharField(max_length=20, default="", blank=True)
    purpose = models.CharField(max_length=200, default="", blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)
    editors = models.JSONField(default=list)
    ends_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency_code", "owner", "-saved_at"], name="draft_form_of_owner"),
            models.Index(fields=["agency_code", "fiscal_year", "number"], name="draft_form_number"),
            models.Index(fields=["saved_at"], name="draft_form_saved"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code}/{self.fiscal_year}/{self.number or self.key}"


class UploadedFile(models.Model):
    """A voucher file between its dry run and its taking in: one a person, the next takes its place."""

    owner = models.OneToOneField("agencies.User", primary_key=True, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    agency_code = models.CharField(max_length=20)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
