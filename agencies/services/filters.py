"""Keeping and dropping the filtered lists that a person wants to see again."""

from typing import Final

from django.urls import Resolver404, resolve

from agencies.filter_models import FILTER_ADDRESS_LENGTH, FILTER_NAME_LENGTH, SavedFilter
from treasury.core import clock
from treasury.core.errors import Problem

FILTERS_MAX: Final = 30


def filter_save(*, user_id: int, name: str, address: str) -> SavedFilter:
    """Keeps the address of a list under a name of the person's own; a name used before now means the new address.

    Problem `name_missing`, `too_long`, `not_a_list` for an address that is none of ours, `too_many_filters`.
    """
    name = name.strip()
    if not name:
        raise Problem("name_missing", "a saved filter has a name", path="/name")
    if len(name) > FILTER_NAME_LENGTH or len(address) > FILTER_ADDRESS_LENGTH:
        raise Problem("too_long", f"a name has at most {FILTER_NAME_LENGTH} characters", path="/name")
    if not _is_ours(address) or "\x00" in name + address:
        raise Problem("not_a_list", "only lists of this system can be saved", path="/address")
    mine = SavedFilter.objects.filter(user_id=user_id)
    if mine.exclude(name=name)[:FILTERS_MAX].count() == FILTERS_MAX:
        raise Problem("too_many_filters", f"at most {FILTERS_MAX} filters are kept", path="/name")
    saved, _ = SavedFilter.objects.update_or_create(
        user_id=user_id, name=name, defaults={"address": address, "created_at": clock.now()}
    )
    return saved


def filter_drop(*, user_id: int, filter_id: int) -> None:
    """Forgets a filter; another person's is left alone, and one that is gone already is no fault."""
    SavedFilter.objects.filter(user_id=user_id, pk=filter_id).delete()


def _is_ours(address: str) -> bool:
    """Whether an address is a path that one of our pages answers."""
    if not address.startswith("/") or address.startswith("//"):
        return False
    try:
        resolve(address.partition("?")[0])
    except Resolver404:
        return False
    return True
