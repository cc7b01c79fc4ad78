"""The OpenAPI document: drf-spectacular finds the addresses, each operation describes itself."""

import re
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from oauth2_provider.scopes import get_scopes_backend

from treasury.core.api.components import PROBLEM, components
from treasury.core.api.operations import ANSWER_HEADERS, REQUEST_HEADERS, Operation
from treasury.core.api.problems import MEDIA_TYPE

_PARAMETER = re.compile(r"{([a-z_]+)}")
_REASONS = {
    400: "The request is not as this document says",
    401: "No valid access token",
    403: "Scope, role, separation of duty or registered address is missing",
    404: "There is no such thing for this client",
    405: "The method is not offered",
    406: "No such representation",
    409: "It conflicts with the present state, or the Idempotency-Key was used for another request",
    412: "It has been changed meanwhile",
    413: "The body is too large",
    415: "The content type is not taken",
    422: "Well-formed, and refused by a rule",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "Something failed on our side",
}
_DESCRIPTION = (
    "支用機關會計系統介接庫款支付作業。Accounting systems of spending agencies prepare vouchers, follow them and read "
    "the balances. Amounts are whole New Taiwan dollars, dates ISO 8601, fiscal years ROC years (114 = 2025)."
)


def document() -> dict[str, Any]:
    """The whole document, the same for everybody."""
    made: dict[str, Any] = SchemaGenerator(api_version="1").get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def of_the_api(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """Keeps the addresses whose methods are operations."""
    return [one for one in endpoints if _operation(one[3], one[2]) is not None]


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Adds what all operations share: named schemas, the ways to authenticate, the words at the top."""
    result["info"] |= {"description": _DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}}
    result["servers"] = [{"url": "/"}]
    result["components"] = {
        "schemas": components(),
        "securitySchemes": {
            "client": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/api/oauth2/token", "scopes": _scopes()}},
            }
        },
    }
    return result


class OperationSchema(AutoSchema):
    """Lets each operation describe itself."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        """The operation object of OpenAPI."""
        row = _operation(self.view.__class__, method)
        return None if row is None else operation_object(row)


def operation_object(row: Operation) -> dict[str, Any]:
    """An operation as OpenAPI 3.1 writes it."""
    made: dict[str, Any] = {
        "operationId": row.name,
        "summary": f"{row.title_zh} {row.title_en}",
        "tags": [row.tag],
        "security": [{"client": [row.scope]}] if row.scope else [],
    }
    if row.description:
        made["description"] = row.description
    if parameters := _parameters(row):
        made["parameters"] = parameters
    if row.body is not None:
        made["requestBody"] = {
            "required": row.body_needed,
            "content": {media_type: {"schema": row.body} for media_type in row.body_types},
        }
    made["responses"] = {str(row.status): _answer(row), **{str(status): _problem(status) for status in _statuses(row)}}
    return made


def _statuses(row: Operation) -> tuple[int, ...]:
    return row.problem_statuses


def _parameters(row: Operation) -> list[dict[str, Any]]:
    found = [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in row.path.items()]
    found += [{"name": name, "in": "query", "schema": schema} for name, schema in row.query.items()]
    found += [{"name": name, "in": "header", "required": True, "schema": REQUEST_HEADERS[name]} for name in row.headers]
    return found


def _answer(row: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {"description": row.title_en}
    if row.answer_headers:
        made["headers"] = _headers(row.answer_headers)
    if row.answer is not None:
        made["content"] = {row.answer_type: {"schema": row.answer}}
    return made


def _problem(status: int) -> dict[str, Any]:
    made: dict[str, Any] = {"description": _REASONS[status], "content": {MEDIA_TYPE: {"schema": PROBLEM}}}
    if status == 401:
        made["headers"] = _headers(("WWW-Authenticate",))
    if status == 429:
        made["headers"] = _headers(("Retry-After",))
    return made


def _headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"required": True, "schema": ANSWER_HEADERS[name]} for name in names}


def _operation(view: Any, method: str) -> Operation | None:
    handler = getattr(getattr(view, "cls", view), method.lower(), None)
    return getattr(handler, "operation", None)


def _scopes() -> dict[str, str]:
    made: dict[str, str] = get_scopes_backend().get_all_scopes()
    return made
