"""What became of a voucher at the treasury, for the agency that asked for it to be paid."""

from django.db.models import QuerySet

from disbursement.models import Cheque, PaymentInstruction, ReturnNotice


def lines_of(voucher_id: int) -> QuerySet[PaymentInstruction]:
    """The payment lines of a voucher in order."""
    return PaymentInstruction.objects.filter(voucher_id=voucher_id).order_by("seq")


def cheques_of(voucher_id: int) -> list[Cheque]:
    """The cheques of a voucher in order of payee, those cancelled among them."""
    return list(Cheque.objects.filter(voucher_id=voucher_id).order_by("payee_seq", "pk"))


def return_notices(agency_code: str) -> QuerySet[ReturnNotice]:
    """The return notices of an agency with their vouchers."""
    rows = ReturnNotice.objects.filter(voucher__agency_id=agency_code)
    return rows.select_related("voucher").defer("voucher__content")
