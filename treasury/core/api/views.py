"""The view behind every address of the API: it reads a request as its operation says, then answers."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from treasury.core.api.operations import KEY_HEADER, MATCH_HEADER, REQUEST_HEADERS, Operation
from treasury.core.api.parsing import Document
from treasury.core.api.reading import query_read
from treasury.core.errors import Problem
from treasury.core.idempotency import once
from treasury.core.schemas import Mismatch

Answer = Response | HttpResponse


class ApiView(APIView):
    """One address. Before a method runs, `query` and `content` hold what the operation lets in.

    Order of refusal: media types, token, scope, rate, headers, query, body.
    """

    # Without OPTIONS: this document is published, and browsers of other sites are given no leave (CORS).
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    query: dict[str, Any]
    content: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Reads and judges the request; Problem 400, 413, 415, 422 or 428 when it is not as the operation says."""
        super().initial(request, *args, **kwargs)
        row = self.operation
        if row is None:
            return
        self._require_headers(request, row)
        self.query = query_read(request.query_params, row.query)
        self.content = self._content(request, row)

    @property
    def operation(self) -> Operation | None:
        """The operation of the method asked for, None for a method that is not offered."""
        method = (self.request.method or "").lower()
        handler = getattr(self, "get" if method == "head" else method, None)
        return getattr(handler, "operation", None)

    def once(self, effect: Callable[[], dict[str, Any]], *, scope: str) -> Answer:
        """Runs an effect once for the Idempotency-Key and answers what it returned, then and ever after.

        `effect` returns `status`, `body` and, where there are any, `headers`.
        """
        request = self.request
        given = getattr(request, "body_bytes", b"")
        asked = f"{request.method} {request.get_full_path()}\n".encode() + given
        answer = once(scope=scope, key=request.headers[KEY_HEADER], body=asked, effect=effect)
        # PostgreSQL keeps no order of members; sorted, the answer is the same to the byte the first time and later.
        return answered(_sorted(answer["body"]), status=answer["status"], headers=answer.get("headers"))

    def _require_headers(self, request: Request, row: Operation) -> None:
        for name in row.headers:
            value = request.headers.get(name)
            missing, bad = _REFUSALS[name]
            if value is None:
                raise Problem(missing, "", status=428 if name == MATCH_HEADER else 400)
            if not re.fullmatch(REQUEST_HEADERS[name]["pattern"], value):
                raise Problem(bad, "", status=400)

    def _content(self, request: Request, row: Operation) -> Any:
        """The body, judged by its schema; Problem 400 where it is not as the schema says."""
        if row.body is None:
            return None
        document = request.data if _has_body(request) else None
        if not isinstance(document, Document):
            if row.body_needed:
                raise Problem("body_missing", "", status=400)
            return {}
        if row.check is not None:
            try:
                row.check(document.value)
            except Mismatch as mismatch:
                raise Problem(mismatch.code, mismatch.detail, path=mismatch.path, status=400) from None
        return document.value


_REFUSALS: Mapping[str, tuple[str, str]] = {
    KEY_HEADER: ("idempotency_key_missing", "bad_idempotency_key"),
    MATCH_HEADER: ("if_match_missing", "bad_if_match"),
}


def _has_body(request: Request) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > 0


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def answered(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer; none of it may be kept by caches on the way."""
    text = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    answer = HttpResponse(text, status=status, content_type="application/json", headers=dict(headers or {}))
    if body is None:
        del answer["Content-Type"]
    answer["Cache-Control"] = "no-store"
    return answer


def require_match(request: Request, tag: str) -> None:
    """Problem `changed_meanwhile` (412) unless the If-Match of a request, where there is one, names this tag."""
    given = request.headers.get(MATCH_HEADER)
    if given is not None and given != tag:
        raise Problem("changed_meanwhile", "", status=412)
