"""What a session remembers of its rounds of signing: the heads of the contents issued, and what became of each.

The voucher itself is in the books: the head alone is kept, so a session stays small.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest

from treasury.core.errors import Problem

_HEADS: Final = "signing_heads"
_OUTCOMES: Final = "signing_outcomes"
_ROUNDS_KEPT: Final = 4


def keep_heads(request: HttpRequest, key: str, heads: Mapping[int, bytes]) -> None:
    """Keeps the heads of a round's contents by voucher; those of the same round issued before are void."""
    _keep(request, _HEADS, key, {str(pk): head.decode() for pk, head in heads.items()})


def head(request: HttpRequest, key: str, pk: int) -> bytes:
    """The head issued for a voucher in a round; Problem `content_not_issued` where this session was given none."""
    text = request.session.get(_HEADS, {}).get(key, {}).get(str(pk))
    if text is None:
        raise Problem("content_not_issued", "本次登入未取得此憑單之待簽內容，請重新開啟簽章頁面", status=409)
    return str(text).encode()


def keep_outcomes(request: HttpRequest, key: str, outcomes: Sequence[Mapping[str, Any]]) -> None:
    """Keeps what became of a round; its heads are no longer needed."""
    _keep(request, _OUTCOMES, key, list(outcomes))
    request.session.get(_HEADS, {}).pop(key, None)


def outcomes(request: HttpRequest, key: str) -> list[dict[str, Any]] | None:
    """What became of a round, None while it has not been sent."""
    found: list[dict[str, Any]] | None = request.session.get(_OUTCOMES, {}).get(key)
    return found


def _keep(request: HttpRequest, name: str, key: str, value: Any) -> None:
    kept = {**request.session.get(name, {}), key: value}
    request.session[name] = dict(list(kept.items())[-_ROUNDS_KEPT:])
