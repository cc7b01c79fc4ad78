"""Who may do what (`ROLE_PERMISSIONS`), and what one person may not do both of (`SEPARATIONS`).

A permission is named `<app>.<verb>_<thing>`, as in the step tables. `vouchers.create_voucher` covers
every change of a draft; `vouchers.handle_paper` the printing, sealing and mailing of a voucher over the
e-payment limit (A-5.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role


@dataclass(frozen=True, slots=True)
class Separation:
    """Two permissions that one person may not both use on one voucher, and the source that says so."""

    permission_a: str
    permission_b: str
    law: str


@dataclass(frozen=True, slots=True)
class RoleSeparation:
    """Two roles that one person may not hold at the same time, and the source that says so."""

    role_a: Role
    role_b: Role
    law: str


_EVERYBODY: Final = frozenset((*AGENCY_ROLES, *TREASURY_ROLES))
_THE_TREASURY: Final = frozenset(TREASURY_ROLES)

ROLE_PERMISSIONS: Final[Mapping[str, frozenset[Role]]] = {
    "vouchers.view_voucher": _EVERYBODY,
    "vouchers.create_voucher": frozenset({Role.CLERK}),
    "vouchers.submit_voucher": frozenset({Role.CLERK}),
    "vouchers.correct_voucher": frozenset({Role.CLERK}),
    "vouchers.cancel_voucher": frozenset({Role.CLERK}),
    "vouchers.print_voucher": frozenset(AGENCY_ROLES) - {Role.ADMIN},
    "vouchers.handle_paper": frozenset({Role.CLERK, Role.RELEASER}),
    "vouchers.pass_review": frozenset({Role.REVIEWER}),
    "vouchers.send_back_voucher": frozenset({Role.REVIEWER, Role.ACCOUNTANT, Role.HEAD, Role.RELEASER}),
    "vouchers.certify_accountant": frozenset({Role.ACCOUNTANT}),
    "vouchers.certify_head": frozenset({Role.HEAD}),
    "vouchers.release_voucher": frozenset({Role.RELEASER}),
    "vouchers.withdraw_voucher": frozenset({Role.CLERK, Role.RELEASER}),
    "vouchers.request_return": frozenset({Role.CLERK, Role.ACCOUNTANT, Role.RELEASER}),
    "disbursement.view_desk": _THE_TREASURY,
    "disbursement.receive_voucher": frozenset({Role.EXAMINER}),
    "disbursement.receive_paper": frozenset({Role.EXAMINER}),
    "disbursement.examine_voucher": frozenset({Role.EXAMINER}),
    "disbursement.postpone_voucher": frozenset({Role.SUPERVISOR}),
    "disbursement.schedule_voucher": frozenset({Role.PAYER, Role.SUPERVISOR}),
    "disbursement.pay_voucher": frozenset({Role.PAYER}),
    "disbursement.settle_voucher": frozenset({Role.PAYER}),
    "disbursement.correct_instruction": frozenset({Role.CLERK, Role.PAYER}),
    "disbursement.stop_cheque": frozenset({Role.SUPERVISOR}),
    "disbursement.reconcile_day": frozenset({Role.PAYER, Role.SUPERVISOR}),
    # `signing.create_card` is the registration itself: what the history calls the birth of a card.
    "signing.create_card": frozenset({Role.ADMIN}),
    "signing.send_card_file": frozenset({Role.ADMIN}),
    "signing.receive_card_paper": frozenset({Role.TREASURY_ADMIN}),
    "signing.activate_card": frozenset({Role.TREASURY_ADMIN}),
    "signing.hold_card": frozenset({Role.TREASURY_ADMIN}),
    "signing.lift_card_hold": frozenset({Role.TREASURY_ADMIN}),
    "signing.end_card": frozenset({Role.ADMIN, Role.TREASURY_ADMIN}),
    # Whoever holds the card, in whatever role they act; administrators for everybody of theirs.
    "signing.report_card_loss": frozenset({*AGENCY_ROLES, Role.TREASURY_ADMIN}),
    "signing.view_trust": _THE_TREASURY,
    "signing.view_card": frozenset({Role.ADMIN, Role.TREASURY_ADMIN, Role.AUDITOR}),
    "agencies.view_delegation": frozenset({Role.ADMIN, Role.ACCOUNTANT, Role.HEAD, Role.TREASURY_ADMIN, Role.AUDITOR}),
    "agencies.appoint_delegate": frozenset({Role.ACCOUNTANT, Role.HEAD}),
    "agencies.end_delegation": frozenset({Role.ACCOUNTANT, Role.HEAD, Role.ADMIN}),
    "signing.view_evidence": _EVERYBODY - {Role.ADMIN},
    "signing.view_log": frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.TREASURY_ADMIN}),
    "agencies.create_person": frozenset({Role.ADMIN, Role.TREASURY_ADMIN}),
    "agencies.grant_role": frozenset({Role.ADMIN, Role.TREASURY_ADMIN}),
    "agencies.request_role": _EVERYBODY - {Role.AUDITOR},
    "agencies.view_agency": _THE_TREASURY | {Role.ADMIN},
    "agencies.change_agency": frozenset({Role.TREASURY_ADMIN}),
    "agencies.import_agencies": frozenset({Role.TREASURY_ADMIN}),
    "agencies.view_addresses": frozenset({Role.TREASURY_ADMIN, Role.SUPERVISOR, Role.AUDITOR}),
    "agencies.register_address": frozenset({Role.TREASURY_ADMIN}),
    "agencies.register_client": frozenset({Role.ADMIN, Role.TREASURY_ADMIN}),
    "agencies.import_banks": frozenset({Role.TREASURY_ADMIN}),
    "agencies.view_banks": _EVERYBODY,
    "core.view_calendar": _EVERYBODY,
    "core.correct_calendar": frozenset({Role.TREASURY_ADMIN}),
    "core.view_parameters": _THE_TREASURY,
    "core.set_parameter": frozenset({Role.TREASURY_ADMIN}),
    "core.view_history": frozenset({Role.TREASURY_ADMIN, Role.SUPERVISOR, Role.AUDITOR}),
    "ledger.import_budget": frozenset({Role.TREASURY_ADMIN}),
    "ledger.view_budget": _EVERYBODY,
    "ledger.view_books": _THE_TREASURY,
}

# What workers and the set-up of new books may do without a person behind them.
SYSTEM_PERMISSIONS: Final = frozenset(
    {
        "disbursement.receive_voucher",
        "disbursement.schedule_voucher",
        "disbursement.pay_voucher",
        "disbursement.settle_voucher",
        "disbursement.reconcile_day",
        "signing.create_card",
        "signing.send_card_file",
        "signing.receive_card_paper",
        "signing.activate_card",
        "agencies.create_person",
        "agencies.grant_role",
        "agencies.import_agencies",
        "agencies.register_address",
        "agencies.register_client",
        "agencies.import_banks",
        "ledger.import_budget",
    }
)

# Four layers of control, edit, review, approve, release (C-21.11.2), with two certifiers in approval (B-6.2).
SEPARATIONS: Final = (
    Separation("vouchers.create_voucher", "vouchers.pass_review", "C-21.11.2"),
    Separation("vouchers.create_voucher", "vouchers.certify_accountant", "C-21.11.2"),
    Separation("vouchers.create_voucher", "vouchers.certify_head", "C-21.11.2"),
    Separation("vouchers.create_voucher", "vouchers.release_voucher", "C-21.11.2"),
    Separation("vouchers.submit_voucher", "vouchers.pass_review", "C-21.11.2"),
    Separation("vouchers.submit_voucher", "vouchers.certify_accountant", "C-21.11.2"),
    Separation("vouchers.submit_voucher", "vouchers.certify_head", "C-21.11.2"),
    Separation("vouchers.submit_voucher", "vouchers.release_voucher", "C-21.11.2"),
    Separation("vouchers.correct_voucher", "vouchers.pass_review", "C-21.11.2"),
    Separation("vouchers.correct_voucher", "vouchers.certify_accountant", "C-21.11.2"),
    Separation("vouchers.correct_voucher", "vouchers.certify_head", "C-21.11.2"),
    Separation("vouchers.correct_voucher", "vouchers.release_voucher", "C-21.11.2"),
    Separation("vouchers.pass_review", "vouchers.certify_accountant", "C-21.11.2"),
    Separation("vouchers.pass_review", "vouchers.certify_head", "C-21.11.2"),
    Separation("vouchers.pass_review", "vouchers.release_voucher", "C-21.11.2"),
    Separation("vouchers.certify_accountant", "vouchers.certify_head", "B-6.2"),
    Separation("vouchers.certify_accountant", "vouchers.release_voucher", "C-21.11.2"),
    Separation("vouchers.certify_head", "vouchers.release_voucher", "C-21.11.2"),
    Separation("disbursement.examine_voucher", "disbursement.schedule_voucher", "requirements 1"),
    Separation("disbursement.examine_voucher", "disbursement.pay_voucher", "requirements 1"),
    Separation("disbursement.examine_voucher", "disbursement.settle_voucher", "requirements 1"),
    Separation("disbursement.pay_voucher", "disbursement.stop_cheque", "requirements 1"),
    # Whoever registers a card does not put it into force.
    Separation("signing.create_card", "signing.receive_card_paper", "A-2.4"),
    Separation("signing.create_card", "signing.activate_card", "A-2.4"),
    Separation("signing.send_card_file", "signing.activate_card", "A-2.4"),
    # Whoever says that returned money shall go to another account does not send it there.
    Separation("disbursement.correct_instruction", "disbursement.pay_voucher", "C-21.11.2"),
)

# Who grants access neither certifies nor releases; who inspects does nothing else.
ROLE_SEPARATIONS: Final = (
    RoleSeparation(Role.ADMIN, Role.ACCOUNTANT, "requirements 1"),
    RoleSeparation(Role.ADMIN, Role.HEAD, "requirements 1"),
    RoleSeparation(Role.ADMIN, Role.RELEASER, "requirements 1"),
    RoleSeparation(Role.AUDITOR, Role.EXAMINER, "requirements 1"),
    RoleSeparation(Role.AUDITOR, Role.PAYER, "requirements 1"),
    RoleSeparation(Role.AUDITOR, Role.SUPERVISOR, "requirements 1"),
    RoleSeparation(Role.AUDITOR, Role.TREASURY_ADMIN, "requirements 1"),
)
