"""The log as it is stored: its entries, the hashes of its complete subtrees, its signed heads; nothing ever changes."""

from typing import ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q

from treasury.core.models import APPEND_ONLY

LOG_REF_LENGTH: Final = 70


class EntryKind(models.TextChoices):
    """What an entry speaks of."""

    DOCUMENT = "document", "電子支付文件"
    DAY = "day", "每日帳務摘要"
    HEAD_TOKEN = "head_token", "樹頭時戳"


# Entries stand one behind the other from 0 on: a gap would be a place for something to be slipped in.
IN_ORDER: Final = pgtrigger.Trigger(
    name="in_order",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        IF NEW.index <> COALESCE((SELECT max(index) FROM signing_logentry), -1) + 1 THEN
            RAISE EXCEPTION 'log: entry % does not follow the last one', NEW.index;
        END IF;
        RETURN NEW;
    """,
)


class LogEntry(models.Model):
    """A leaf: the canonical JSON that was logged, and what it speaks of (`source_id` is that row's id)."""

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12, choices=EntryKind)
    source_id = models.BigIntegerField()
    ref = models.CharField(max_length=LOG_REF_LENGTH)
    body = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="log_entry_once", fields=["kind", "source_id"]),
            models.UniqueConstraint(name="log_ref_once", fields=["kind", "ref"]),
            models.CheckConstraint(name="log_index_from_zero", condition=Q(index__gte=0)),
            models.CheckConstraint(
                name="log_leaf_of_body",
                condition=Q(
                    leaf_hash=Func(
                        F("body"),
                        template="sha256(decode('00', 'hex') || %(expressions)s)",
                        output_field=models.BinaryField(),
                    )
                ),
            ),
        ]
        triggers: ClassVar = [APPEND_ONLY, IN_ORDER]

    def __str__(self) -> str:
        return f"{self.index} {self.ref}"


class LogNode(models.Model):
    """The hash of a complete subtree above the leaves, so that a proof reads few rows however long the log is."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="log_node_above_leaves", condition=Q(level__gte=1))]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class LogHead(models.Model):
    """A signed tree head with the time token over its note.

    `keys` are the public keys that signed it, one a line; `token` is the DER of the token, `token_at` its time,
    `token_until` the first end of a certificate on its path; `token_facts` the certificates and lists that it rests on.
    """

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.BinaryField()
    keys = models.TextField()
    made_at = models.DateTimeField(db_index=True)
    token = models.BinaryField()
    token_at = models.DateTimeField()
    token_until = models.DateTimeField()
    token_facts = models.JSONField()

    class Meta:
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"head of {self.size}"
