import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treasury.core.identifiers import (
    is_valid_identifier,
    is_valid_national_id,
    is_valid_old_resident_id,
    is_valid_resident_id,
    is_valid_ubn,
)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("04595257", True),
        ("12345675", True),
        ("22099131", True),
        ("00501503", True),
        ("04595252", True),  # only by the rule of 2023
        ("12345670", True),  # only by the rule of 2023
        ("10458575", True),  # seventh digit 7, the sum plus one divides by 5
        ("00501502", False),
        ("0459525", False),
        ("045952570", False),
        ("0459525A", False),
        ("０４５９５２５７", False),
        ("04595257\n", False),
        ("", False),
    ],
)
def test_a_business_number_checks_by_the_rule_of_2023(text: str, valid: bool) -> None:
    assert is_valid_ubn(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("A123456789", True),
        ("A123456788", False),
        ("A323456789", False),
        ("a123456789", False),
        ("A12345678", False),
    ],
)
def test_a_national_number_has_its_check_digit(text: str, valid: bool) -> None:
    assert is_valid_national_id(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [("A800000014", True), ("A800000015", False), ("A100000014", False), ("AC01234567", False)],
)
def test_a_resident_number_of_the_new_form_has_its_check_digit(text: str, valid: bool) -> None:
    assert is_valid_resident_id(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [("AA00000009", True), ("AC01234567", True), ("AC01234568", False), ("A800000014", False)],
)
def test_a_resident_number_of_the_old_form_counts_the_units_of_its_second_letter(text: str, valid: bool) -> None:
    assert is_valid_old_resident_id(text) is valid


# Number of each letter as the household offices publish it, written out to check the compact table.
LETTERS = dict(
    re.findall(
        r"([A-Z])=(\d\d)",
        "A=10 B=11 C=12 D=13 E=14 F=15 G=16 H=17 I=34 J=18 K=19 L=20 M=21 N=22 O=35 P=23 Q=24 R=25 S=26 T=27 "
        "U=28 V=29 W=32 X=30 Y=31 Z=33",
    )
)


@given(letter=st.sampled_from(sorted(LETTERS)), sex=st.sampled_from("12"), serial=st.integers(0, 9_999_999))
def test_exactly_one_last_digit_makes_a_person_number_valid(letter: str, sex: str, serial: int) -> None:
    body = f"{sex}{serial:07}"
    weighted = zip(LETTERS[letter] + body, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1), strict=True)
    check = -sum(int(digit) * weight for digit, weight in weighted) % 10

    valid = [digit for digit in "0123456789" if is_valid_national_id(letter + body + digit)]

    assert valid == [str(check)]


def test_the_type_decides_how_a_number_is_checked() -> None:
    assert is_valid_identifier("ubn", "04595257")
    assert not is_valid_identifier("ubn", "A123456789")
    assert is_valid_identifier("national_id", "A123456789")
    assert is_valid_identifier("resident_id", "A800000014")
    assert not is_valid_identifier("resident_id", "A800000015")
    assert is_valid_identifier("passport", "whatever it says")
