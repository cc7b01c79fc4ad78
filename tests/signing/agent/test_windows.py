"""The agent's windows over time: those that fell silent, those that were never used, what is remembered."""

from itertools import count
from pathlib import Path

import pytest

from signing.simulation import codes
from signing.simulation.handed import Handed
from signing.simulation.windows import PackageRefused, Windows
from tests.signing.agent.process import content, package

_numbers = count(1)


def given() -> tuple[list[dict[str, str]], str]:
    """A package that was never handed over before."""
    number = next(_numbers)
    made = package(content(nonce=f"{number:043d}"), nonce=f"page nonce {number}")
    return made["packages"], made["nonce"]


def refused(windows: Windows, token: str, made: tuple[list[dict[str, str]], str]) -> int:
    with pytest.raises(PackageRefused) as found:
        windows.take(token, *made)
    return found.value.ret_code


def test_a_window_that_fell_silent_keeps_nobody_waiting_and_signs_no_more() -> None:
    windows = Windows(silent_seconds=0)
    silent = windows.open()
    windows.take(silent, *given())

    windows.take(windows.open(), *given())

    with pytest.raises(PackageRefused):
        windows.content(silent, "1")


def test_a_window_that_is_heard_of_stays() -> None:
    windows = Windows()
    token = windows.open()
    windows.take(token, *given())

    windows.heard(token)

    assert refused(windows, windows.open(), given()) == codes.WINDOW_BUSY
    assert windows.content(token, "1")


def test_windows_that_were_opened_and_left_do_not_pile_up() -> None:
    windows = Windows()
    first = windows.open()
    kept = windows.open()
    windows.take(kept, *given())

    for _ in range(100):
        last = windows.open()

    assert refused(windows, first, given()) == codes.WINDOW_CLOSED
    windows.heard(kept)
    windows.close(kept)
    assert windows.take(last, *given())


def test_only_the_newest_contents_are_remembered() -> None:
    windows = Windows(remembered_max=4)
    made = [given() for _ in range(3)]
    for one in made:
        token = windows.open()
        windows.take(token, *one)
        windows.close(token)

    assert refused(windows, windows.open(), made[2]) == codes.REPLAYED
    assert windows.take(windows.open(), *made[0])


@pytest.mark.threat("origin-evil")
def test_a_window_takes_no_package_of_another_origin_than_it_was_opened_for() -> None:
    windows = Windows()
    token = windows.open("https://epay.example")

    with pytest.raises(PackageRefused) as found:
        windows.take(token, *given(), origin="https://other.example")

    assert found.value.ret_code == codes.FORBIDDEN
    assert windows.take(token, *given(), origin="https://epay.example")


@pytest.mark.threat("package-replayed")
def test_the_file_of_what_was_handed_over_is_cut_and_mends_itself(tmp_path: Path) -> None:
    path = tmp_path / "handed"
    marks = [bytes([number]) * 32 for number in range(40)]
    first, second = Handed(path, remembered_max=10), Handed(path, remembered_max=10)
    assert all(first.take([mark]) for mark in marks[:15])
    with path.open("ab") as torn:
        torn.write(b"half a digest")

    assert not second.take([marks[14]])
    assert second.take(marks[15:25], only_look=True)
    assert second.take(marks[15:25])
    assert not first.take([marks[20]])
    assert first.take(marks[25:30])
    assert path.stat().st_size <= 20 * 32
    assert not any(second.take([mark], only_look=True) for mark in marks[20:30])
    assert second.take([marks[30]])
    assert not first.take([marks[30]])
