"""The desk's tables, by what they keep."""

from disbursement.models.bank import BankMessage, Reconciliation, TreasuryDay
from disbursement.models.desk import Acceptance, Reception, ReturnNotice
from disbursement.models.payment import Cheque, PaymentInstruction, RemittanceBatch

__all__ = [
    "Acceptance",
    "BankMessage",
    "Cheque",
    "PaymentInstruction",
    "Reception",
    "Reconciliation",
    "RemittanceBatch",
    "ReturnNotice",
    "TreasuryDay",
]
