"""What people type and pages hide, read: anything may come, nothing of it is an error page."""

import pytest
from django.test import RequestFactory

from treasury.core.errors import Problem
from treasury.core.pages.wanted import amount_of, own_address, page_wanted
from treasury.core.whole import whole_of


@pytest.mark.parametrize("text", ["", "²", "１２", "-1", "1.0", "x", "1" * 5000])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_of(text) == -1
    assert whole_of(text, otherwise=114) == 114
    with pytest.raises(Problem) as refused:
        amount_of(text, "amount_twd")
    assert (refused.value.code, refused.value.path) == ("bad_amount", "/amount_twd")


def test_digits_are_as_many_as_the_field_has() -> None:
    assert (whole_of("114", digits=3), whole_of("1140", digits=3)) == (114, -1)


@pytest.mark.parametrize("text", ["30000", "30,000", " 30，000 "])
def test_an_amount_may_be_separated(text: str) -> None:
    assert amount_of(text, "amount_twd") == 30_000


@pytest.mark.parametrize(("text", "page"), [("0", 1), ("2", 2), ("99", 3), ("x", 1)])
def test_a_page_is_one_there_is(text: str, page: int) -> None:
    assert page_wanted(text, 3) == page


@pytest.mark.parametrize(
    ("text", "goes_to"),
    [
        ("/vouchers/?state=draft", "/vouchers/?state=draft"),
        ("", ""),
        ("//evil.example/", ""),
        ("https://evil.example/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_an_address_of_ours_is_gone_to(text: str, goes_to: str) -> None:
    assert own_address(RequestFactory().get("/", headers={"host": "testserver"}), text) == goes_to
