"""The transparency log over the API: heads, hashes and proofs for everybody with the scope, and to an agency what was
logged of its own documents."""

import base64
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from signing.log.reading import bodies_shown, document_entry, entries_from
from signing.log.tree import consistency, entry_at, head_newest, head_of, inclusion
from signing.models import LogEntry, LogHead
from treasury.core.api.components import (
    MOMENT,
    NULLABLE_TEXT,
    TEXT,
    WHOLE,
    Schema,
    component,
    list_of,
    one_of,
    page_of,
    record,
)
from treasury.core.api.cursors import LIMIT, LIMIT_MAX, PAGE_QUERY, page
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import answered

_HASH: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PLACE: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 2**53}
_SIZE: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 2**53}

HEAD: Final = component(
    "LogHead",
    record(size=WHOLE, root=_HASH, note=TEXT, keys=list_of(TEXT), made_at=MOMENT, token=TEXT, token_at=MOMENT),
)
HEAD_PAGE: Final = component("LogHeadPage", page_of(HEAD))
ENTRIES: Final = component(
    "LogEntries",
    record(
        size=WHOLE,
        items=list_of(
            record(index=WHOLE, kind=one_of(["document", "day", "head_token"]), leaf_hash=_HASH, body=NULLABLE_TEXT)
        ),
    ),
)
INCLUSION: Final = component(
    "LogInclusion",
    record(index=WHOLE, size=WHOLE, leaf_hash=_HASH, hashes=list_of(_HASH), root=_HASH, body=NULLABLE_TEXT),
)
CONSISTENCY: Final = component("LogConsistency", record(old=WHOLE, size=WHOLE, hashes=list_of(_HASH)))


class HeadsView(AgencyView):
    """/log/heads"""

    @operation(
        Operation(
            name="log_heads",
            title_zh="每日樹頭",
            title_en="The signed tree heads, the oldest first",
            tag="log",
            scope="log:read",
            query=PAGE_QUERY,
            answer=HEAD_PAGE,
            problems=(422,),
            description="Keep them: from a head that you kept, any later change of what it covers can be proved.",
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """A page of them."""
        return answered(page(LogHead.objects.all(), self.query, lambda found: [head_object(row) for row in found]))


class LatestHeadView(AgencyView):
    """/log/heads/latest"""

    @operation(
        Operation(
            name="log_head_latest",
            title_zh="最新樹頭",
            title_en="The newest signed tree head",
            tag="log",
            scope="log:read",
            answer=HEAD,
            problems=(404,),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The newest one."""
        return answered(head_object(head_newest()))


class HeadView(AgencyView):
    """/log/heads/{size}"""

    @operation(
        Operation(
            name="log_head",
            title_zh="讀取樹頭",
            title_en="The signed tree head of a size",
            tag="log",
            scope="log:read",
            path={"size": _SIZE},
            answer=HEAD,
        )
    )
    def get(self, request: Request, size: int) -> HttpResponse:
        """The one of so many entries."""
        return answered(head_object(head_of(size)))


class EntriesView(AgencyView):
    """/log/entries"""

    @operation(
        Operation(
            name="log_entries",
            title_zh="讀取日誌雜湊",
            title_en="The hashes of the entries, in order",
            tag="log",
            scope="log:read",
            query={
                "start": {**_PLACE, "default": 0},
                "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
            },
            answer=ENTRIES,
            description="`body` is what was logged, for the agency's own documents; of everything else null.",
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """Some entries from a place on, with the log's size."""
        rows, size = entries_from(self.query["start"], self.query["limit"])
        return answered({"size": size, "items": _entries(rows, self.agency_code)})


class InclusionView(AgencyView):
    """/log/inclusion"""

    @operation(
        Operation(
            name="log_inclusion",
            title_zh="納入證明",
            title_en="The proof that an entry stands under a head",
            tag="log",
            scope="log:read",
            query={
                "index": {**_PLACE, "default": 0},
                "document_ref": {"type": "string", "pattern": "^[^#]{1,50}$"},
                "revision": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
                "size": _SIZE,
            },
            answer=INCLUSION,
            problems=(404,),
            description=(
                "By the entry's place, or by the reference (`agency/fiscal year/number`) of one of the agency's own "
                "vouchers and its revision (without it the newest); under the log of `size` entries, without it under "
                "the newest head."
            ),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The proof (RFC 9162, 2.1.3), with what was logged where it is the agency's own."""
        if "document_ref" in self.query:
            entry = document_entry(
                document_ref=self.query["document_ref"],
                revision=self.query.get("revision"),
                agency_code=self.agency_code,
            )
        else:
            entry = entry_at(self.query["index"])
        proof = inclusion(index=entry.index, size=_size_wanted(self.query)).as_dict()
        return answered({**proof, "body": bodies_shown([entry], self.agency_code)[entry.index]})


class ConsistencyView(AgencyView):
    """/log/consistency"""

    @operation(
        Operation(
            name="log_consistency",
            title_zh="一致性證明",
            title_en="The proof that the log of an older head begins the log of a newer one",
            tag="log",
            scope="log:read",
            query={"old": {**_SIZE, "default": 1}, "size": _SIZE},
            answer=CONSISTENCY,
            problems=(404,),
            description="Between the log of `old` entries and that of `size`, without it that of the newest head.",
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The proof (RFC 9162, 2.1.4)."""
        return answered(consistency(old=self.query["old"], size=_size_wanted(self.query)).as_dict())


def head_object(head: LogHead) -> dict[str, Any]:
    """A head as the API shows it; the token in base64."""
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "note": bytes(head.note).decode(),
        "keys": head.keys.split("\n"),
        "made_at": head.made_at.isoformat(),
        "token": base64.b64encode(head.token).decode(),
        "token_at": head.token_at.isoformat(),
    }


def _size_wanted(query: dict[str, Any]) -> int:
    return int(query["size"]) if "size" in query else head_newest().size


def _entries(rows: Sequence[LogEntry], agency_code: str) -> list[dict[str, Any]]:
    bodies = bodies_shown(rows, agency_code)
    return [
        {"index": row.index, "kind": row.kind, "leaf_hash": bytes(row.leaf_hash).hex(), "body": bodies[row.index]}
        for row in rows
    ]
