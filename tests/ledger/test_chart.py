from treasury.ledger.chart import ACCOUNTS, CHART, CODES, PER_AUTHORITY, Section
from treasury.ledger.models import Authority


def test_every_account_has_one_code() -> None:
    assert len(ACCOUNTS) == len(CHART) == len(CODES)


def test_a_column_belongs_to_an_account_kept_per_authority_and_is_a_field_of_it() -> None:
    fields = {field.name for field in Authority._meta.get_fields() if field.name.endswith("_twd")}

    columns = [account.column for account in CHART if account.column]

    assert set(columns) == fields
    assert len(columns) == len(fields)
    assert {account.code for account in CHART if account.column} <= set(PER_AUTHORITY)


def test_the_two_sections_are_told_apart_by_the_first_digit() -> None:
    budget = {account.code for account in CHART if account.section is Section.BUDGET}

    assert budget == {code for code in CODES if code >= "8"}
