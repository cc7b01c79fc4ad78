"""What templates write: dates, amounts, words and shapes of states."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from treasury.core.pages.shapes import shape_of
from treasury.core.steps import machines


def _written(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def test_dates_have_their_roc_year_and_their_weekday() -> None:
    on, at = date(2025, 3, 10), datetime(2025, 3, 10, 6, 5, tzinfo=UTC)

    assert _written("{{ on|roc_date }} {{ at|roc_moment }}", on=on, at=at) == "114/03/10（一） 114/03/10 14:05"
    assert _written("{{ on|roc_date }}{{ at|roc_moment }}", on=None, at=None) == ""
    with translation.override("en"):
        assert _written("{{ on|roc_date }}", on=on) == "114/03/10 (Mon)"


def test_amounts_have_separators_and_capitals() -> None:
    assert _written("{{ a|twd }}|{{ b|twd }}", a=1234567, b=None) == "1,234,567|"
    assert "參萬元整" in _written("{{ a|capitals }}", a=30000)


def test_states_and_steps_have_words_in_both_languages() -> None:
    text = '{{ "in_review"|state_name:"voucher" }} {{ "submit"|step_name:"voucher" }} {% either "甲" "A" %}'

    assert _written(text) == "覆核中 送覆核 甲"
    with translation.override("en"):
        assert _written(text) == "In review Submit for review A"
    assert _written('{{ "moon"|state_name:"voucher" }}{{ "howl"|step_name:"voucher" }}') == "moonhowl"


@pytest.mark.parametrize("ending", ["paid", "credited", "cleared", "returned", "cancelled", "unknown", "draft"])
def test_a_state_that_matters_has_a_shape_of_its_own(ending: str) -> None:
    assert shape_of(ending) != "note"


def test_every_state_has_one_of_the_shapes_the_style_sheet_draws() -> None:
    states = {state for machine in machines().values() for state in machine.states}

    assert {shape_of(state) for state in states} == {"ring", "note", "wait", "good", "stop"}


def test_a_form_has_a_key_of_its_own() -> None:
    first, second = _written("{% submission %}"), _written("{% submission %}")

    assert first.startswith('<input type="hidden" name="submission" value="') and first != second
