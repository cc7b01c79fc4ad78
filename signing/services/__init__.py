"""What other apps may ask of signing."""

from signing.card_client import card_problem
from signing.content import CAPACITIES, body_build, content_build, head_of, join
from signing.refusals import REFUSALS
from signing.selectors import (
    SealFacts,
    SignatureFacts,
    card_for,
    card_numbers,
    cards_active,
    digests_of,
    document_of,
    messages_of,
    revision_sealed,
    seals_of,
    signatures_of,
    signatures_shown,
    voucher_signed,
)
from signing.services.card_steps import (
    card_activate,
    card_end,
    card_hold,
    card_lift_hold,
    card_receive_paper,
    card_report_loss,
    card_send_file,
)
from signing.services.cards import CardRegistration, card_register, cards_register
from signing.services.documents import (
    DocumentVerdict,
    SignatureVerdict,
    document_seal,
    document_verify,
    documents_verify,
)
from signing.services.evidence import EvidenceFile, evidence_export
from signing.services.nonces import content_issue, nonce_issue
from signing.services.signatures import Proof, signature_prove, signature_store
from signing.services.timestamps import timestamp_obtain
from signing.services.trust import trust_import
from signing.timestamps.tokens import Token, TokenFacts, token_check

__all__ = [
    "CAPACITIES",
    "REFUSALS",
    "CardRegistration",
    "DocumentVerdict",
    "EvidenceFile",
    "Proof",
    "SealFacts",
    "SignatureFacts",
    "SignatureVerdict",
    "Token",
    "TokenFacts",
    "body_build",
    "card_activate",
    "card_end",
    "card_for",
    "card_hold",
    "card_lift_hold",
    "card_numbers",
    "card_problem",
    "card_receive_paper",
    "card_register",
    "card_report_loss",
    "card_send_file",
    "cards_active",
    "cards_register",
    "content_build",
    "content_issue",
    "digests_of",
    "document_of",
    "document_seal",
    "document_verify",
    "documents_verify",
    "evidence_export",
    "head_of",
    "join",
    "messages_of",
    "nonce_issue",
    "revision_sealed",
    "seals_of",
    "signature_prove",
    "signature_store",
    "signatures_of",
    "signatures_shown",
    "timestamp_obtain",
    "token_check",
    "trust_import",
    "voucher_signed",
]
