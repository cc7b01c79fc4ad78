"""Vouchers: create, read, list, change."""

from typing import Any

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from agencies.api.views import AgencyView
from treasury.core.api.components import ID, YEAR, check_of
from treasury.core.api.cursors import page
from treasury.core.api.operations import KEY_HEADER, MATCH_HEADER, Operation, operation
from treasury.core.api.parsing import MergePatchParser, StrictJSONParser
from treasury.core.api.problems import finding_object
from treasury.core.api.views import answered, require_match
from treasury.core.errors import Problem
from vouchers import selectors
from vouchers.api.printing import PdfOnly, pdf_of
from vouchers.api.schemas import (
    FINDINGS,
    REASON_BODY,
    STEP,
    VOUCHER_CONTENT,
    VOUCHER_PAGE,
    VOUCHER_PATCH,
    VOUCHER_QUERY,
    VOUCHER_SHOWN,
    check_patch,
)
from vouchers.api.showing import VERBS, tags_of, voucher_heads, voucher_object
from vouchers.models import Voucher
from vouchers.schema import check_voucher
from vouchers.services.agency_steps import agency_step_take
from vouchers.services.preparation import content_findings, voucher_create, voucher_edit

_TAG = "vouchers"
_PATH = {"voucher_id": ID}
_YEAR_QUERY = {"fiscal_year": YEAR}
_YEAR_NOTE = "Without `fiscal_year` the year of `issue_date` counts."


class VoucherAccess(AgencyView):
    """What every address about a voucher asks first: is it this agency's."""

    def voucher(self, voucher_id: int, *, locked: bool = False) -> Voucher:
        """The voucher; Problem `voucher_unknown` (404) for another agency's, the same as for one that is not there."""
        row = selectors.voucher(voucher_id, locked=locked)
        if row.agency_code != self.agency_code:
            raise Problem("voucher_unknown", f"there is no voucher {voucher_id}", status=404)
        return row

    def shown(self, row: Voucher, *, status: int = 200) -> dict[str, Any]:
        """What an effect on a voucher answers: the fresh voucher with its tag."""
        fresh = selectors.voucher(row.pk)
        body = voucher_object(fresh, self.actor)
        return {"status": status, "body": body, "headers": {"ETag": body["etag"]}}


class VouchersView(VoucherAccess):
    """/vouchers"""

    @operation(
        Operation(
            name="vouchers_list",
            title_zh="列出憑單",
            title_en="List vouchers",
            tag=_TAG,
            scope="vouchers:read",
            query=VOUCHER_QUERY,
            answer=VOUCHER_PAGE,
            problems=(422,),
        )
    )
    def get(self, request: Request) -> HttpResponse:
        """A page of the agency's vouchers."""
        rows = selectors.vouchers_listed(self.agency_code)
        names = ("state", "kind", "fiscal_year", "number")
        chosen = {name: self.query[name] for name in names if name in self.query}
        return answered(page(rows.filter(**chosen), self.query, voucher_heads))

    @operation(
        Operation(
            name="voucher_create",
            title_zh="建立憑單",
            title_en="Create a voucher",
            tag=_TAG,
            scope="vouchers:write",
            query=_YEAR_QUERY,
            headers=(KEY_HEADER,),
            body=VOUCHER_CONTENT,
            check=check_voucher,
            status=201,
            answer=VOUCHER_SHOWN,
            answer_headers=("ETag", "Location"),
            description=f"A draft; findings hinder its submission only. {_YEAR_NOTE}",
        )
    )
    def post(self, request: Request) -> HttpResponse:
        """Creates a draft."""
        return self.once(self._create, scope=self.key_scope)

    def _create(self) -> dict[str, Any]:
        row = voucher_create(
            content=self.content,
            agency_code=self.agency_code,
            fiscal_year=fiscal_year_of(self.content, self.query),
            actor=self.actor,
            origin="api",
        )
        answer = self.shown(row, status=201)
        answer["headers"]["Location"] = f"/api/v1/vouchers/{row.pk}"
        return answer


class VoucherFindingsView(VoucherAccess):
    """/vouchers/findings"""

    @operation(
        Operation(
            name="voucher_findings",
            title_zh="試查憑單",
            title_en="Judge a voucher by the entry rules, storing nothing",
            tag=_TAG,
            scope="vouchers:write",
            query=_YEAR_QUERY,
            headers=(KEY_HEADER,),
            body=VOUCHER_CONTENT,
            check=check_voucher,
            answer=FINDINGS,
            description=f"{_YEAR_NOTE} A number that has been used is a finding too.",
        )
    )
    def post(self, request: Request) -> HttpResponse:
        """A dry run."""
        return self.once(self._judge, scope=self.key_scope)

    def _judge(self) -> dict[str, Any]:
        year = fiscal_year_of(self.content, self.query)
        findings = content_findings(content=self.content, agency_code=self.agency_code, fiscal_year=year)
        body = {"is_clean": not findings, "findings": [finding_object(finding) for finding in findings]}
        return {"status": 200, "body": body}


class VoucherView(VoucherAccess):
    """/vouchers/{voucher_id}"""

    def get_parsers(self) -> list[Any]:
        """A PATCH is a merge patch, everything else plain JSON."""
        request: Request | None = self.request
        is_patch = request is not None and request.method == "PATCH"
        return [MergePatchParser() if is_patch else StrictJSONParser()]

    @operation(
        Operation(
            name="voucher_read",
            title_zh="讀取憑單",
            title_en="Read a voucher",
            tag=_TAG,
            scope="vouchers:read",
            path=_PATH,
            answer=VOUCHER_SHOWN,
            answer_headers=("ETag",),
        )
    )
    def get(self, request: Request, voucher_id: int) -> HttpResponse:
        """A voucher with its content."""
        body = voucher_object(self.voucher(voucher_id), self.actor)
        return answered(body, headers={"ETag": body["etag"]})

    @operation(
        Operation(
            name="voucher_replace",
            title_zh="修改憑單",
            title_en="Replace the content of a draft",
            tag=_TAG,
            scope="vouchers:write",
            path=_PATH,
            headers=(MATCH_HEADER,),
            body=VOUCHER_CONTENT,
            check=check_voucher,
            answer=VOUCHER_SHOWN,
            answer_headers=("ETag",),
            problems=(409,),
        )
    )
    def put(self, request: Request, voucher_id: int) -> HttpResponse:
        """Replaces a draft's content."""
        return self._change(voucher_id, lambda before: self.content)

    def _change(self, voucher_id: int, made_of: Any) -> HttpResponse:
        def edited(row: Voucher) -> dict[str, Any]:
            require_match(self.request, tags_of([row])[row.pk])
            content: dict[str, Any] = made_of(row.content)
            return content

        # Another agency's is not there, whatever the request says.
        self.voucher(voucher_id)
        answer = self.shown(voucher_edit(voucher_id=voucher_id, edited=edited, actor=self.actor))
        return answered(answer["body"], headers=answer["headers"])

    @operation(
        Operation(
            name="voucher_patch",
            title_zh="修改憑單部分內容",
            title_en="Change parts of a draft",
            tag=_TAG,
            scope="vouchers:write",
            path=_PATH,
            headers=(MATCH_HEADER,),
            body=VOUCHER_PATCH,
            body_types=("application/merge-patch+json",),
            check=check_patch,
            answer=VOUCHER_SHOWN,
            answer_headers=("ETag",),
            problems=(409,),
            description="RFC 7396: a member replaces, null takes away, lists are replaced whole.",
        )
    )
    def patch(self, request: Request, voucher_id: int) -> HttpResponse:
        """Merges a patch into a draft's content."""
        return self._change(voucher_id, lambda before: merged(before, self.content))


class VoucherStepView(VoucherAccess):
    """/vouchers/{voucher_id}/{verb}"""

    @operation(
        Operation(
            name="voucher_step",
            title_zh="執行憑單步驟",
            title_en="Take a step",
            tag=_TAG,
            scope="vouchers:write",
            path={**_PATH, "verb": {"enum": list(VERBS)}},
            headers=(KEY_HEADER,),
            body=STEP,
            body_needed=False,
            check=check_of(REASON_BODY),
            answer=VOUCHER_SHOWN,
            answer_headers=("ETag",),
            problems=(412,),
            description=(
                "The steps of `docs/states.md` that an accounting system takes. `withdraw`, `cancel` and "
                "`request_return` want `because`. An `If-Match` is heeded where it is given."
            ),
        )
    )
    def post(self, request: Request, voucher_id: int, verb: str) -> HttpResponse:
        """Takes the step."""
        self.voucher(voucher_id)
        return self.once(lambda: self._take(voucher_id, verb), scope=self.key_scope)

    def _take(self, voucher_id: int, verb: str) -> dict[str, Any]:
        row = self.voucher(voucher_id, locked=True)
        require_match(self.request, tags_of([row])[row.pk])
        because = self.content.get("because", "")
        return self.shown(agency_step_take(verb=verb, voucher=row, actor=self.actor, because=because))


class VoucherPdfView(VoucherAccess):
    """/vouchers/{voucher_id}/voucher.pdf"""

    content_negotiation_class: type[BaseContentNegotiation] = PdfOnly

    @operation(
        Operation(
            name="voucher_pdf",
            title_zh="憑單 PDF",
            title_en="A voucher as its form prints it",
            tag=_TAG,
            scope="vouchers:read",
            path=_PATH,
            answer={"type": "string", "contentMediaType": "application/pdf"},
            answer_type="application/pdf",
        )
    )
    def get(self, request: Request, voucher_id: int) -> HttpResponse:
        """The voucher, printed."""
        return pdf_of(self.voucher(voucher_id))


def fiscal_year_of(content: dict[str, Any], query: dict[str, Any]) -> int:
    """The fiscal year asked for, or that of the issue date; Problem when there is no such year here."""
    year: int = query.get("fiscal_year") or int(content["issue_date"][:4]) - 1911
    if not YEAR["minimum"] <= year <= YEAR["maximum"]:
        raise Problem("bad_fiscal_year", f"{year} is no fiscal year of this treasury", path="/issue_date")
    return year


def merged(before: Any, patch: Any) -> Any:
    """A document with a merge patch applied (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    after = dict(before) if isinstance(before, dict) else {}
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = merged(after.get(name), value)
    return after
