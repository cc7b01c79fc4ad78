from treasury.ledger.chart import ACCOUNTS
from treasury.ledger.events import EVENTS, SOURCE, Per


def test_every_event_has_one_name_that_fits_its_column() -> None:
    assert len({event.name for event in EVENTS}) == len(EVENTS)
    assert all(len(event.name) <= 30 and event.name.replace("_", "").isalpha() for event in EVENTS)


def test_a_leg_names_accounts_of_the_chart_kept_as_the_leg_is_posted() -> None:
    for leg in (leg for event in EVENTS for leg in event.legs):
        for code in (leg.debit, leg.credit):
            assert code == SOURCE or ACCOUNTS[code].per_authority == (leg.per is Per.AUTHORITY)
        assert (SOURCE in (leg.debit, leg.credit)) == (leg.per is Per.SOURCE)


def test_every_event_has_its_texts() -> None:
    assert all(event.title_zh and event.title_en and event.requirement for event in EVENTS)
