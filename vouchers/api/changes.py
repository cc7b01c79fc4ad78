"""The feed of changes, for those who ask (webhooks are for those who want to be told)."""

from typing import Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from agencies.scopes import EVENTS
from treasury.core.api.components import ID, MOMENT, TEXT, WHOLE, component, list_of, one_of, optional, record
from treasury.core.api.cursors import LIMIT, LIMIT_MAX, PAGE_QUERY, cursor_of, position_of
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import answered
from vouchers.changes import START, change_object, changes_after

CHANGE: Final = component(
    "Change",
    record(
        event=one_of(list(EVENTS)),
        at=MOMENT,
        verb=TEXT,
        state=TEXT,
        voucher_id=ID,
        fiscal_year=WHOLE,
        number=TEXT,
        revision=WHOLE,
        line_no=optional(WHOLE),
    ),
)
CHANGES: Final = component("Changes", record(items=list_of(CHANGE), next_since=TEXT))


class ChangesView(AgencyView):
    """/changes"""

    @operation(
        Operation(
            name="changes_list",
            title_zh="讀取異動",
            title_en="Read what has changed",
            tag="results",
            scope="results:read",
            query={
                "since": PAGE_QUERY["cursor"],
                "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
            },
            answer=CHANGES,
            problems=(422,),
            description=(
                "From the beginning, or behind `since`. Keep `next_since` and ask again with it: nothing is left out, "
                "nothing comes twice, whatever happens at the same time. A change appears once everything before it is "
                "complete."
            ),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The next changes."""
        since = position_of(self.query["since"]) if "since" in self.query else START
        found = changes_after(self.agency_code, since, self.query["limit"])
        last = found[-1].position if found else since
        return answered({"items": [change_object(one) for one in found], "next_since": cursor_of(last)})
