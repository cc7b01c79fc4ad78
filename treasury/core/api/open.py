"""Addresses that are open to everybody: whether we are well, and what the API is."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from treasury.core import health
from treasury.core.api.components import TEXT, component, one_of, record
from treasury.core.api.openapi import document
from treasury.core.api.operations import Operation, operation
from treasury.core.api.views import ApiView, answered
from treasury.core.errors import Problem
from treasury.core.sql import fetch_value

_CHECKS = {"type": "object", "additionalProperties": one_of(health.WORDS)}
HEALTH = component("Health", record(status=one_of(["ok"]), database=TEXT, checks=_CHECKS))


class OpenView(ApiView):
    """An address without a token."""

    authentication_classes = ()
    permission_classes = ()


class HealthView(OpenView):
    """/health"""

    @operation(
        Operation(
            name="health",
            title_zh="系統狀態",
            title_en="Whether the service and its database answer, and what is due or does not work",
            tag="service",
            answer=HEALTH,
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """Asks the database and each app."""
        database = str(fetch_value("SELECT 'ok'"))
        return answered({"status": "ok", "database": database, "checks": health.checks()})


class DocumentView(OpenView):
    """/openapi.json"""

    @operation(
        Operation(
            name="openapi",
            title_zh="介接規格",
            title_en="This document",
            tag="service",
            answer={"type": "object"},
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """The OpenAPI document."""
        return answered(_document())


class NowhereView(OpenView):
    """Every address that is none."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Problem `not_found` (404), whatever the method."""
        raise Problem("not_found", "", status=404)


def guide(request: Any) -> HttpResponse:
    """The document as a page for people."""
    made = _document()
    operations = [
        {"path": path, "method": method.upper(), "row": row}
        for path, methods in made["paths"].items()
        for method, row in methods.items()
    ]
    return render(request, "api_guide.html", {"info": made["info"], "operations": operations})


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return document()
