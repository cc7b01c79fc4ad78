"""Doing something once for a key, whatever the retries."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import IdempotencyKey
from treasury.core.sql import fetch_value


def once(*, scope: str, key: str, body: bytes, effect: Callable[[], Any]) -> Any:
    """Runs `effect` and stores its JSON answer with the key, or returns the stored answer of an earlier run.

    The same key with another body is Problem `idempotency_key_reused` (409). Two requests with one key at the same
    time wait for each other: the key is locked until the first one's transaction ends.
    """
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        fetch_value("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", (f"{scope}\x1f{key}",))
        earlier = IdempotencyKey.objects.filter(scope=scope, key=key).first()
        if earlier is not None:
            if earlier.body_sha256 != digest:
                raise Problem("idempotency_key_reused", f"the key {key} was used with another body", status=409)
            return earlier.answer
        answer = effect()
        IdempotencyKey.objects.create(scope=scope, key=key, body_sha256=digest, answer=answer, created_at=clock.now())
        return answer
