"""Parameters are dated: what a decision changes, it changes from a day on."""

from datetime import date

import pytest

from treasury.core.errors import Problem
from treasury.core.models import Parameter
from treasury.core.parameter_kinds import KINDS
from treasury.core.parameters import Parameters, packaged, parameters_on, profile_seed

pytestmark = pytest.mark.django_db
FRIDAY = date(2025, 3, 7)


def test_the_national_treasury_asks_for_three_signatures() -> None:
    profile_seed("nta")

    values = parameters_on(FRIDAY)

    assert values.profile == "nta"
    assert values.required_capacities == ("accountant", "head", "releaser")
    assert (values.petty_amount_twd, values.crossing_threshold_twd) == (10_000, 500_000)
    assert (values.epay_limit_twd, values.fisc_max_twd) == (5_000_000, 50_000_000)
    assert (values.crossing_reading, values.agent_bank) == ("strict", "004")
    assert (values.recovery_days, values.cheque_valid_years) == (30, 1)


def test_the_citys_releaser_does_not_sign() -> None:
    profile_seed("taichung")

    assert parameters_on(FRIDAY).required_capacities == ("accountant", "head")


def test_a_profile_sown_again_changes_nothing() -> None:
    profile_seed("nta")
    Parameter.objects.filter(name="epay_limit_twd").update(value=3_000_000)

    profile_seed("nta")

    assert parameters_on(FRIDAY).epay_limit_twd == 3_000_000


def test_a_new_value_counts_from_its_day_on_and_never_before() -> None:
    profile_seed("nta")
    change = Parameter.objects.create(name="epay_limit_twd", valid_from_on=date(2025, 7, 1), value=10_000_000)

    assert parameters_on(date(2025, 6, 30)).epay_limit_twd == 5_000_000
    assert parameters_on(date(2025, 7, 1)).epay_limit_twd == 10_000_000
    assert parameters_on(date(2026, 1, 1)).epay_limit_twd == 10_000_000
    assert str(change) == "epay_limit_twd from 2025-07-01"


def test_all_parameters_of_a_day_are_one_query(django_assert_num_queries: object) -> None:
    profile_seed("nta")

    with django_assert_num_queries(1):  # type: ignore[operator]
        parameters_on(FRIDAY)


def test_books_older_than_a_parameter_read_it_from_their_profile() -> None:
    profile_seed("taichung")
    Parameter.objects.filter(name__in=["reception_alert_minutes", "required_capacities"]).delete()

    values = parameters_on(FRIDAY)

    assert values.reception_alert_minutes == 30
    assert values.required_capacities == ("accountant", "head")


def test_a_parameter_set_for_a_day_to_come_does_not_hold_before() -> None:
    profile_seed("nta")
    Parameter.objects.filter(name="recovery_days").delete()
    Parameter.objects.create(name="recovery_days", valid_from_on=date(2025, 7, 1), value=45)

    assert parameters_on(FRIDAY).recovery_days == 30
    assert parameters_on(date(2025, 7, 1)).recovery_days == 45


def test_every_parameter_has_its_words_and_takes_its_packaged_value() -> None:
    assert set(KINDS) == set(Parameters.__dataclass_fields__)
    for profile in ("nta", "taichung"):
        for name, value in packaged(profile).items():
            assert KINDS[name].words(value)
            if not KINDS[name].is_fixed:
                text = ",".join(value) if isinstance(value, list) else str(value)
                assert KINDS[name].value_of(text) == value


def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(Problem) as refused:
        profile_seed("atlantis")

    assert refused.value.code == "unknown_profile"
    assert not Parameter.objects.exists()


@pytest.mark.parametrize("on", [FRIDAY, date(2010, 12, 31)])
def test_books_without_a_profile_say_so(on: date) -> None:
    if on < FRIDAY:
        profile_seed("nta")

    with pytest.raises(Problem) as refused:
        parameters_on(on)

    assert refused.value.code == "not_set_up"
