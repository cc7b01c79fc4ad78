"""Lists that a person wants to see again: the address of a filtered list under a name."""

from typing import ClassVar, Final

from django.db import models

FILTER_NAME_LENGTH: Final = 40
FILTER_ADDRESS_LENGTH: Final = 1000


class SavedFilter(models.Model):
    """A filtered list of one person, by name; `address` is a path of ours with its query."""

    user = models.ForeignKey("agencies.User", on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=FILTER_NAME_LENGTH)
    address = models.CharField(max_length=FILTER_ADDRESS_LENGTH)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = "已儲存的篩選"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_named_once"),
            models.CheckConstraint(name="saved_filter_named", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="saved_filter_is_ours",
                condition=models.Q(address__startswith="/") & ~models.Q(address__startswith="//"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
