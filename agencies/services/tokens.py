"""Tokens of accounting systems: how often they are asked for, from where, and when they are forgotten."""

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from agencies.models import ApiClient
from agencies.services.addresses import address_require
from treasury.core.errors import Problem
from treasury.core.rates import rate_count

_KEPT: Final = timedelta(days=1)
_AT_ONCE: Final = 5000


def token_request_count(*, client_ids: Collection[str], address: str) -> None:
    """Counts a request for a token; Problem `too_many_requests` (429) beyond `API_TOKENS_PER_MINUTE` of an address,
    or of a client that it names: names that do not exist are not counted, so nobody fills the table with them."""
    pks = ApiClient.objects.filter(client_id__in=client_ids).order_by("pk").values_list("pk", flat=True)
    counts = [rate_count(f"token address {address}"), *(rate_count(f"token client {pk}") for pk in pks)]
    if max(counts) > settings.API_TOKENS_PER_MINUTE:
        raise Problem("too_many_requests", "", status=429)


def token_require_address(*, token: str, address: str, path: str, method: str) -> None:
    """Ends a token that was just given where it was asked for from anywhere but a registered address of the agency:
    Problem `address_not_registered` (403), kept in the log (A-2.2)."""
    checksum = hashlib.sha256(token.encode()).hexdigest()
    row = get_access_token_model().objects.select_related("application").get(token_checksum=checksum)
    client = row.application
    try:
        address_require(client.agency_id, address, path=path, what=f"{method} {client.client_id}")
    except Problem:
        row.delete()
        raise


def tokens_clean() -> int:
    """Forgets tokens that ended more than a day ago, some thousands at once; returns how many."""
    tokens = get_access_token_model().objects
    ended = tokens.filter(expires__lt=timezone.now() - _KEPT).order_by("pk").values_list("pk", flat=True)
    count = 0
    while found := list(ended[:_AT_ONCE]):
        tokens.filter(pk__in=found).delete()
        count += len(found)
    return count
