"""Facts are what the voucher says, defaults filled in."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from tests.vouchers import examples


def test_defaults_are_those_of_the_schema() -> None:
    facts = examples.facts_of(examples.remittance())

    assert (facts.nature, facts.expense_class, facts.channel) == ("normal", "general", "electronic")
    assert (facts.cheque.crossing, facts.cheque.consent_ref) == ("crossed", None)
    assert facts.payee_lines[0].kind == "business"
    assert (facts.payee_lines[0].is_forwarder, facts.payee_lines[0].is_first_pension) == (False, False)
    assert facts.foreign_currency is None
    assert facts.path == ""


def test_facts_cannot_be_changed() -> None:
    facts: Any = examples.facts_of(examples.remittance())

    with pytest.raises(dataclasses.FrozenInstanceError):
        facts.total_twd = 1


@pytest.mark.parametrize(
    ("kind", "is_business", "is_public"),
    [
        ("business", True, False),
        ("public_enterprise", True, True),
        ("government", False, True),
        ("individual", False, False),
        ("bank", False, False),
        ("agency_special_account", False, False),
        ("treasury_deposit", False, False),
    ],
)
def test_kinds_of_payees(kind: str, is_business: bool, is_public: bool) -> None:
    line = examples.facts_of(examples.changed(examples.remittance(), {"/payee_lines/0/kind": kind})).payee_lines[0]

    assert (line.is_business, line.is_public) == (is_business, is_public)


def test_a_payment_draws_with_all_its_lines_and_a_transfer_with_its_debits() -> None:
    lines = [{"account_code": "3203010100", "amount_twd": 10_000}, {"account_code": "3203010100", "amount_twd": 20_000}]
    payment = examples.changed(examples.remittance(), {"/account_lines": lines})

    assert examples.facts_of(payment).draws_twd() == {"3203010100": 30_000}
    assert examples.facts_of(examples.transfer()).draws_twd() == {"3203011100": 30_000}
    assert examples.facts_of(examples.advance()).draws_twd() == {}


def test_a_payment_draws_on_funds_and_a_transfer_with_what_it_takes_away() -> None:
    debit, credit = {"/account_lines/0/fund_code": "F001"}, {"/account_lines/1/fund_code": "F001"}

    assert examples.facts_of(examples.changed(examples.remittance(), debit)).fund_draws_twd() == {"F001": 30_000}
    assert examples.facts_of(examples.changed(examples.transfer(), debit)).fund_draws_twd() == {"F001": 30_000}
    assert examples.facts_of(examples.changed(examples.transfer(), credit)).fund_draws_twd() == {"F001": 0}
    assert examples.facts_of(examples.changed(examples.transfer(), debit | credit)).fund_draws_twd() == {"F001": 0}
    assert examples.facts_of(examples.remittance()).fund_draws_twd() == {}


def test_a_transfer_is_never_an_advance_or_a_cheque() -> None:
    odd = examples.changed(examples.transfer(), {"/nature": "advance", "/method": "cheque_self"})

    facts = examples.facts_of(odd)

    assert (facts.is_payment, facts.is_advance, facts.is_cheque) == (False, False, False)


def test_stated_dates_are_those_of_the_voucher_and_its_payees() -> None:
    dates = {
        "/legal_pay_date": "2025-03-10",
        "/payee_lines/0/legal_pay_date": "2025-03-10",
        "/distribution_date": "2025-03-12",
        "/payee_lines/0/remit_date": "2025-03-11",
    }

    facts = examples.facts_of(examples.changed(examples.remittance(), dates))

    assert facts.stated_dates == {date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 12)}
    assert examples.facts_of(examples.remittance()).stated_dates == frozenset()
