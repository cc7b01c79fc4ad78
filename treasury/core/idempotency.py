"""Doing something once for a key, whatever the retries."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import KEY_LENGTH, IdempotencyKey
from treasury.core.sql import fetch_value


def once(*, scope: str, key: str, body: bytes, effect: Callable[[], Any]) -> Any:
    """Runs `effect` and stores its JSON answer with the key, or returns the stored answer of an earlier run.

    The same key with another body is Problem `idempotency_key_reused` (409), a key that is not 1 to 120 printable
    characters `bad_idempotency_key`. Two requests with one key at the same time wait for each other: the key is
    locked until the first one's transaction ends.
    """
    if not (0 < len(key) <= KEY_LENGTH and key.isprintable()):
        raise Problem("bad_idempotency_key", f"a key has 1 to {KEY_LENGTH} printable characters")
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


def is_done(*, scope: str, key: str) -> bool:
    """Whether `once` has an answer for a key, so that what its effect needs beforehand need not be got again."""
    return IdempotencyKey.objects.filter(scope=scope, key=key).exists()


def attempt_each(ids: Iterable[int], act: Callable[[int], object]) -> list[dict[str, Any]]:
    """Acts on each of many by itself and says what became of it: id, and code (empty: done), detail and status of the
    Problem. Nothing of an act that was refused is kept, everything of the others is."""
    return [_attempt(pk, act) for pk in ids]


def _attempt(pk: int, act: Callable[[int], object]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            act(pk)
    except Problem as problem:
        return {"id": pk, "code": problem.code, "detail": problem.detail, "status": problem.status}
    return {"id": pk, "code": ""}
