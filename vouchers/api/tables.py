"""Code tables of vouchers: the states with the steps that lead on, the reasons for a return."""

from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from agencies.api.views import AgencyView
from treasury.core.api.components import TEXT, component, list_of, record
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import answered
from vouchers.reasons import Reason
from vouchers.states import VOUCHER

STATES_TABLE: Final = component(
    "States",
    record(items=list_of(record(code=TEXT, name=TEXT, name_en=TEXT, steps=list_of(TEXT)))),
)
REASONS_TABLE: Final = component(
    "Reasons", record(items=list_of(record(code=TEXT, name=TEXT, name_en=TEXT, requirement=TEXT)))
)


class StatesView(AgencyView):
    """/tables/states"""

    @operation(
        Operation(
            name="table_states",
            title_zh="憑單狀態表",
            title_en="The states of a voucher",
            tag="tables",
            scope="tables:read",
            answer=STATES_TABLE,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """Every state."""
        return answered({"items": [_state(code) for code in VOUCHER.states]})


class ReasonsView(AgencyView):
    """/tables/reasons"""

    @operation(
        Operation(
            name="table_reasons",
            title_zh="退件原因表",
            title_en="The reasons for a return",
            tag="tables",
            scope="tables:read",
            answer=REASONS_TABLE,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """Every reason (B-24)."""
        items = [
            {"code": reason.value, "name": reason.zh, "name_en": reason.en, "requirement": reason.requirement}
            for reason in Reason
        ]
        return answered({"items": items})


def _state(code: str) -> dict[str, Any]:
    name, name_en = VOUCHER.states[code]
    steps = [step.verb for step in VOUCHER.steps_from(code)]
    return {"code": code, "name": name, "name_en": name_en, "steps": steps}
