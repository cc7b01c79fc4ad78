"""A list: filters in the address, chips, pages with real links, the same rows as a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import translation

from agencies.models import BankBranch
from tests.factories import statements
from treasury.core.errors import Problem
from treasury.core.pages import exports, listing
from treasury.core.pages.listing import COUNTED_MAX, Filter, ListColumn, Listing

COLUMNS = (
    ListColumn("代號", "Code", lambda row: row.bank_code),
    ListColumn("名稱", "Name", lambda row: row.institution_name),
)


def _by_code(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if not value.isdecimal():
        raise Problem("bad_amount", "no figures")
    return rows.filter(bank_code__startswith=value)


FILTERS = (
    Filter("code", "代號", "Code", _by_code),
    Filter(
        "kind",
        "種類",
        "Kind",
        lambda rows, value: rows.filter(institution_code=value),
        [("004", "臺灣銀行", "Bank of Taiwan"), ("013", "國泰世華", "Cathay")],
    ),
)


@pytest.fixture
def branches(db: None) -> Callable[[int], None]:
    """So many branches of 臺灣銀行."""

    def make(count: int) -> None:
        BankBranch.objects.bulk_create(
            BankBranch(
                bank_code=f"{number:07d}", institution_code="004", institution_name="臺灣銀行", branch_name="分行"
            )
            for number in range(count)
        )

    return make


def _listing(query: str = "", **more: Any) -> Listing:
    request = RequestFactory().get(f"/banks/{query}")
    options = {"name": "banks", "filters": FILTERS, "columns": COLUMNS} | more
    return Listing(request, BankBranch.objects.order_by("pk"), **options)


def test_it_shows_fifty_rows_a_page_with_an_address_for_each(branches: Callable[[int], None]) -> None:
    branches(120)

    second = _listing("?page=2&code=00")

    assert [row.bank_code for row in second.shown[:1]] == ["0000050"]
    assert len(second.shown) == 50 and second.page_count == 3
    assert second.pages[2] == (3, "/banks/?code=00&page=3")
    assert (second.previous, second.next) == ("/banks/?code=00&page=1", "/banks/?code=00&page=3")
    assert second.count_text == "120"


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "²", "1" * 50])
def test_a_page_that_is_none_is_the_nearest_that_is(page: str, branches: Callable[[int], None]) -> None:
    branches(60)

    assert _listing(f"?page={page}").page_no == (2 if page == "99" else 1)


def test_an_empty_list_has_one_page(db: None) -> None:
    empty = _listing()

    assert (empty.page_count, empty.shown, empty.count_text, empty.chips) == (1, [], "0", [])


def test_each_filter_in_force_is_a_chip_with_the_address_without_it(branches: Callable[[int], None]) -> None:
    branches(3)

    narrowed = _listing("?queue=a&queue=b&code=000&kind=004&page=4")

    assert [(chip.title, chip.value) for chip in narrowed.chips] == [("代號", "000"), ("種類", "臺灣銀行")]
    assert narrowed.chips[0].without == "/banks/?queue=a&queue=b&kind=004"
    assert narrowed.bare == "/banks/?queue=a&queue=b"
    assert narrowed.here == "/banks/?queue=a&queue=b&code=000&kind=004"
    assert narrowed.kept == [("queue", "a"), ("queue", "b")]
    with translation.override("en"):
        assert _listing("?kind=004").chips[0].value == "Bank of Taiwan"


def test_a_choice_nobody_offers_narrows_nothing(branches: Callable[[int], None]) -> None:
    branches(3)

    assert _listing("?kind=999").count == 3
    assert _listing("?kind=999").chips == []


def test_what_cannot_be_understood_is_said_at_its_field_and_narrows_nothing(branches: Callable[[int], None]) -> None:
    branches(3)

    wrong = _listing("?code=x")

    assert wrong.count == 3 and wrong.chips == []
    assert [problem.code for problem in wrong.problems] == ["bad_amount"]
    assert wrong.fields[0].value == "x"


def test_a_nul_or_an_endless_text_is_no_error_page(branches: Callable[[int], None]) -> None:
    branches(3)

    assert _listing("?code=%000").count == 3
    assert len(_listing(f"?code={'0' * 5000}").fields[0].value) == listing.VALUE_LENGTH


def test_nothing_beyond_a_thousand_is_counted(branches: Callable[[int], None]) -> None:
    branches(COUNTED_MAX + 5)

    long = _listing("?page=99")

    assert long.count_text == "1,000+" and long.page_count == 20
    assert len(long.shown) == 50


def test_the_number_of_statements_does_not_grow_with_the_rows(branches: Callable[[int], None]) -> None:
    branches(10)
    few = statements(_listing)
    BankBranch.objects.all().delete()
    branches(3000)

    assert statements(_listing) == few == 2


def test_a_list_comes_whole_as_a_file_with_its_filters(branches: Callable[[int], None]) -> None:
    branches(60)

    file = _listing("?format=csv&code=00000&page=2").export()

    assert file is not None
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "代號,名稱" and len(lines) == 61
    assert _listing("?code=0").exports[0] == ("ODS", "/banks/?code=0&format=ods")


def test_a_page_is_wanted_where_no_format_is_asked_for(db: None) -> None:
    assert _listing().export() is None


@pytest.mark.parametrize(("query", "more"), [("?format=exe", {}), ("?format=csv", {"columns": ()})])
def test_a_format_there_is_not_is_refused(query: str, more: dict[str, Any], db: None) -> None:
    with pytest.raises(Problem) as refused:
        _listing(query, **more).export()

    assert (refused.value.code, refused.value.status) == ("unknown_format", 400)


def test_a_file_of_too_many_rows_is_refused_before_it_is_made(
    branches: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    branches(4)
    monkeypatch.setattr(listing, "ROWS_MAX", 3)

    with pytest.raises(Problem) as refused:
        _listing("?format=ods").export()

    assert refused.value.code == "export_too_long"
    assert exports.ROWS_MAX == 20_000
