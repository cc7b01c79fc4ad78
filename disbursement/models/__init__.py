"""The desk's tables, by what they keep."""

from disbursement.models.bank import BankMessage, Reconciliation, TreasuryDay
from disbursement.models.desk import Acceptance, FindingPreview, Reception, ReturnNotice
from disbursement.models.payment import Cheque, PaymentInstruction, RemittanceBatch
from disbursement.models.returns import ChequeCancellation, InstructionAttempt, ReturnSlip, SlipForm

__all__ = [
    "Acceptance",
    "BankMessage",
    "Cheque",
    "ChequeCancellation",
    "FindingPreview",
    "InstructionAttempt",
    "PaymentInstruction",
    "Reception",
    "Reconciliation",
    "RemittanceBatch",
    "ReturnNotice",
    "ReturnSlip",
    "SlipForm",
    "TreasuryDay",
]
