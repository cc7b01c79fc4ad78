"""What became of revocation lists that were offered and not taken, and when new ones were last looked for."""

from typing import ClassVar

from django.db import models


class ListRefusal(models.Model):
    """A revocation list that was offered and refused: what it was, why, when first and when last (A-2.1)."""

    sha256 = models.BinaryField(max_length=32)
    file_name = models.CharField(max_length=255)
    code = models.CharField(max_length=40)
    detail = models.TextField(default="", blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-last_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(name="list_refused_once", fields=["sha256", "code"])]

    def __str__(self) -> str:
        return f"{self.file_name} {self.code}"


class FolderReading(models.Model):
    """When the folder of new lists was last read, what it brought, and what kept it from being read (a code)."""

    folder = models.TextField(unique=True)
    read_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    files = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    code = models.CharField(max_length=40, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.folder} {self.read_at}"
