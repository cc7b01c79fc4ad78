"""Filtered lists that a person keeps under a name."""

import pytest

from agencies.filter_models import SavedFilter
from agencies.models import Agency, User
from agencies.services.filters import FILTERS_MAX, filter_save
from tests.agencies.conftest import CABINET, MUSEUM
from tests.pages import client_of, words
from treasury.core.errors import Problem

CLERK = f"{CABINET}-clerk"
ADDRESS = "/search/?q=%E6%9E%97"


@pytest.fixture
def clerk_id(agencies: tuple[Agency, Agency]) -> int:
    """The clerk of 行政院."""
    return User.objects.get(username=CLERK).pk


def test_a_filter_stands_in_the_rail_of_its_owner_alone(clerk_id: int) -> None:
    client = client_of(CLERK)

    response = client.post("/filters/", {"name": " 林氏 ", "address": ADDRESS})

    assert response.headers["Location"] == ADDRESS
    home = client.get("/")
    assert f'<a href="{ADDRESS}"><span>林氏</span></a>' in home.content.decode()
    assert "已儲存篩選「林氏」。" in words(home)
    assert "林氏" not in words(client_of(f"{MUSEUM}-clerk").get("/"))


def test_the_same_name_means_the_newer_address(clerk_id: int) -> None:
    filter_save(user_id=clerk_id, name="到期", address="/search/?q=1")
    filter_save(user_id=clerk_id, name="到期", address="/search/?q=2")

    assert SavedFilter.objects.get().address == "/search/?q=2"


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        (" ", ADDRESS, "name_missing"),
        ("長" * 41, ADDRESS, "too_long"),
        ("遠", "/search/?q=" + "1" * 1000, "too_long"),
        ("外", "//example.org/", "not_a_list"),
        ("外", "https://example.org/", "not_a_list"),
        ("無", "/no-such-page/", "not_a_list"),
        ("壞", "/search/?q=\x00", "not_a_list"),
    ],
)
def test_it_keeps_only_lists_of_ours(name: str, address: str, code: str, clerk_id: int) -> None:
    with pytest.raises(Problem) as refused:
        filter_save(user_id=clerk_id, name=name, address=address)

    assert refused.value.code == code


def test_there_is_an_end_to_it(clerk_id: int) -> None:
    for number in range(FILTERS_MAX):
        filter_save(user_id=clerk_id, name=f"第 {number}", address=ADDRESS)

    filter_save(user_id=clerk_id, name="第 0", address="/search/")
    with pytest.raises(Problem) as refused:
        filter_save(user_id=clerk_id, name="再一個", address=ADDRESS)

    assert refused.value.code == "too_many_filters"


def test_nobody_drops_what_another_kept(clerk_id: int) -> None:
    saved = filter_save(user_id=clerk_id, name="到期", address=ADDRESS)

    client_of(f"{MUSEUM}-clerk").post(f"/filters/{saved.pk}/drop/")
    assert SavedFilter.objects.exists()

    client_of(CLERK).post(f"/filters/{saved.pk}/drop/")
    assert not SavedFilter.objects.exists()
