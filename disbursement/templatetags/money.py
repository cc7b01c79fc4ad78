"""What the money pages write: methods, networks, return codes and differences in words."""

from collections.abc import Mapping
from typing import Any

from django import template

from disbursement.documents import wording
from disbursement.pages.columns import code_said, method_said, network_said
from treasury.core.texts import either

register = template.Library()
register.filter("method_name", method_said)
register.filter("network_name", network_said)
register.filter("code_name", code_said)


@register.filter
def entry_name(kind: str) -> str:
    """What a booking of the bank is, in the reader's language."""
    return either(wording.entry_kind(kind), wording.entry_kind(kind, language="en"))


@register.filter
def difference_name(item: str) -> str:
    """The item of a difference in the reader's language."""
    return either(wording.difference_item(item), wording.difference_item(item, language="en"))


@register.filter
def difference_why(difference: Mapping[str, Any]) -> str:
    """The reason of a difference in the reader's language."""
    return either(wording.difference_reason(difference), wording.difference_reason(difference, language="en"))
