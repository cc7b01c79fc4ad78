"""A voucher as PDF."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from treasury.core.documents.render import render
from vouchers.documents import voucher_shape
from vouchers.models import Voucher


class PdfOnly(BaseContentNegotiation):
    """The answer is a PDF; whoever takes none gets 406."""

    media_type = "application/pdf"

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """There is nothing to parse."""
        return None

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> Any:
        """Any renderer will do: the view answers by itself."""
        wanted = [part.partition(";")[0].strip() for part in request.headers.get("Accept", "*/*").split(",")]
        if not any(one in (self.media_type, "application/*", "*/*") for one in wanted):
            raise NotAcceptable()
        return JSONRenderer(), self.media_type


class ZipOnly(PdfOnly):
    """The same for an archive."""

    media_type = "application/zip"


def pdf_of(row: Voucher) -> HttpResponse:
    """The voucher as its form prints it."""
    name = f"{row.agency_code}-{row.fiscal_year}-{row.number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(render(voucher_shape(row)), content_type="application/pdf", headers=headers)
