"""Reading bodies: the strict reader alone, and the bytes kept for the idempotency key."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from treasury.core.errors import Problem
from treasury.core.strict_json import SIZE_MAX_BYTES, read_strict_json


class StrictJSONParser(BaseParser):
    """`application/json` by the strict reader: no key twice, whole numbers only, nothing that cannot be stored."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The document of a body; Problem 400 when it cannot be read, 413 when it is too large."""
        body = stream.read(SIZE_MAX_BYTES + 1)
        assert parser_context is not None
        parser_context["request"].body_bytes = body
        try:
            return Document(read_strict_json(body))
        except Problem as problem:
            problem.status = _STATUS.get(problem.code, 400)
            raise


class MergePatchParser(StrictJSONParser):
    """`application/merge-patch+json` (RFC 7396), read as strictly."""

    media_type = "application/merge-patch+json"


class Document(dict[str, Any]):
    """A body as the parser hands it over: DRF wants a mapping, a body may be any JSON value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


# 1.0 is JSON and a whole number; that amounts are written without a point is a rule of ours.
_STATUS = {"file_too_large": 413, "character_not_allowed": 422, "number_not_whole": 422}
