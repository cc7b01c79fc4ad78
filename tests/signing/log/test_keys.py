"""Where the keys of heads come from."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from signing.log.keys import key_make, sign_keys
from signing.log.notes import SignKey, sign_key_read
from tests.signing.log.conftest import KEY, OLD_KEY
from treasury.core.errors import Problem


def test_keys_come_from_the_environment_todays_first(settings: Settings) -> None:
    settings.LOG_KEY = f"{KEY.line}  {OLD_KEY.line}"

    assert sign_keys() == (KEY, OLD_KEY)


@pytest.mark.parametrize("given", ["no key", f"{KEY.line} {SignKey('else.example/log', b'j' * 32).line}"])
def test_what_is_no_key_of_the_log_is_refused(settings: Settings, given: str) -> None:
    settings.LOG_KEY = given

    with pytest.raises(Problem) as refused:
        sign_keys()

    assert refused.value.code == "bad_log_key"


def test_books_without_a_key_make_one_that_stays_theirs_alone(
    settings: Settings, tmp_path: Path, in_parallel: Callable[[Callable[[], object], int], list[object]]
) -> None:
    settings.LOG_KEY, settings.LOG_KEY_FOLDER = "", tmp_path

    made = in_parallel(sign_keys, 4)

    assert len(set(made)) == 1 and sign_keys() == made[0]
    (path,) = tmp_path.rglob("*.*key*")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ".epay.localhost/" in sign_keys()[0].name


def test_a_key_made_is_a_line_that_is_read_back() -> None:
    key = key_make("log.example/new")

    assert sign_key_read(key.line) == key
    assert key_make("log.example/new") != key
