"""Django's admin, for reading only: auditors and treasury administrators look, nobody writes here."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from agencies.services.founding import READERS

_OURS = ("core", "ledger", "agencies", "signing", "vouchers", "disbursement")
# Nobody reads these, hashed or not.
_SECRET = ("password", "client_secret", "sealed_secret", "sealed_previous")
_HEAVY = (models.BinaryField, models.TextField, models.JSONField)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists and shows a table; every way of writing is refused."""

    exclude = _SECRET
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff who are active read, as long as they are auditor or the treasury's administrator."""
        roles = {held.role for held in getattr(request, "roles", ())}
        return request.user.is_active and request.user.is_staff and not roles.isdisjoint(READERS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever reads sees every app."""
        return self.has_view_permission(request)


def _light(model: type[models.Model]) -> list[str]:
    """The columns of a model worth a list: no blobs, nothing secret."""
    fields = model._meta.concrete_fields
    return [field.name for field in fields if not isinstance(field, _HEAVY) and field.name not in _SECRET]


def _references(model: type[models.Model]) -> list[str]:
    """Foreign keys are followed in one query."""
    return [field.name for field in model._meta.concrete_fields if field.is_relation]


def _listed() -> Iterator[type[models.Model]]:
    """Every table of ours that the admin can address: it knows no keys of several columns."""
    for label in _OURS:
        for model in apps.get_app_config(label).get_models():
            if not isinstance(model._meta.pk, models.CompositePrimaryKey):
                yield model


# Django's own page for groups would write, and rights are roles here; so would the libraries' pages.
for stranger in list(admin.site._registry):
    admin.site.unregister(stranger)
for listed in _listed():
    columns = {"list_display": _light(listed), "list_select_related": _references(listed)}
    admin.site.register(listed, type(f"{listed.__name__}Admin", (ReadOnlyAdmin,), columns))
