"""The evidence of a payment as a file."""

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from signing.services import evidence_export
from treasury.core.api.components import ID
from treasury.core.api.operations import Operation, operation
from vouchers.api.printing import ZipOnly
from vouchers.api.vouchers import VoucherAccess


class VoucherEvidenceView(VoucherAccess):
    """/vouchers/{voucher_id}/evidence"""

    content_negotiation_class: type[BaseContentNegotiation] = ZipOnly

    @operation(
        Operation(
            name="voucher_evidence",
            title_zh="憑單證據檔",
            title_en="The evidence of a voucher, to be checked without the treasury",
            tag="vouchers",
            scope="vouchers:read",
            path={"voucher_id": ID},
            answer={"type": "string", "contentMediaType": "application/zip"},
            answer_type="application/zip",
            problems=(422,),
            description=(
                "Of the newest revision that was released: signed bytes, signatures, certificates, revocation lists, "
                "time tokens, postings, bank results, history and the proofs of the transparency log. "
                "`document_unknown` (404) before the first release. See `docs/evidence.md`."
            ),
        )
    )
    def get(self, request: Request, voucher_id: int) -> HttpResponse:
        """The file."""
        made = evidence_export(document_ref=self.voucher(voucher_id).reference)
        headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
        return HttpResponse(made.data, content_type="application/zip", headers=headers)
