"""Where sockets and data lie."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from treasury.embedded.account import Account
from treasury.embedded.places import LONGEST_DIRECTORY, Places


@pytest.fixture
def account() -> Account:
    return Account.for_checkout(Path("/"))


@pytest.fixture
def places(tmp_path: Path, account: Account) -> Iterator[Places]:
    places = Places(tmp_path / "var")
    places.make(account)
    yield places
    chosen = places.recorded_runtime()
    if chosen is not None:
        shutil.rmtree(chosen, ignore_errors=True)


def test_the_runtime_directory_is_private_short_and_the_same_each_time(places: Places, account: Account) -> None:
    first = places.choose_runtime(account)

    again = places.choose_runtime(account)

    found = first.stat()
    assert again == first
    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == account.uid
    assert len(os.fsencode(first)) <= LONGEST_DIRECTORY


def test_it_comes_back_under_the_same_name_after_it_was_removed(places: Places, account: Account) -> None:
    first = places.choose_runtime(account)
    first.rmdir()

    assert places.choose_runtime(account) == first


def test_a_long_temporary_directory_is_passed_over(
    places: Places, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("a" * 90)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))

    chosen = places.choose_runtime(account)

    assert chosen.parent == Path("/tmp")


def test_a_name_taken_by_somebody_else_is_not_used(places: Places, account: Account) -> None:
    first = places.choose_runtime(account)
    first.chmod(0o777)
    places.runtime_record.unlink()

    second = places.choose_runtime(account)

    first.rmdir()
    assert second != first
    assert second.name.startswith(first.name)


def test_a_link_in_its_place_is_not_followed(places: Places, account: Account, tmp_path: Path) -> None:
    first = places.choose_runtime(account)
    first.rmdir()
    first.symlink_to(tmp_path)

    second = places.choose_runtime(account)

    first.unlink()
    assert second != first


def test_an_embedded_dir_takes_the_place_of_var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMBEDDED_DIR", str(tmp_path / "elsewhere"))

    assert Places.here().postgres == tmp_path / "elsewhere" / "postgres"

    monkeypatch.delenv("EMBEDDED_DIR")
    assert Places.here().root.name == "var"
