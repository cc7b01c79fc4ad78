"""The eleven reasons of B-24."""

from vouchers.reasons import Reason, joined


def test_there_are_eleven_each_in_both_languages() -> None:
    assert [reason.value for reason in Reason] == [f"R{number:02}" for number in range(1, 12)]
    assert all(reason.zh and reason.en for reason in Reason)
    assert (Reason.R01.requirement, Reason.R11.requirement) == ("B-24.1", "B-24.11")


def test_reasons_are_joined_once_and_sorted() -> None:
    assert joined([Reason.R10, Reason.R03, Reason.R10]) == "R03;R10"
    assert joined([]) == ""
