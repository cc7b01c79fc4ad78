"""Check digits of the numbers that name firms and persons (B-9.12.1)."""

import re
from operator import mul
from typing import Final

_UBN: Final = re.compile(r"[0-9]{8}")
_NATIONAL_ID: Final = re.compile(r"[A-Z][12][0-9]{8}")
_RESIDENT_ID: Final = re.compile(r"[A-Z][89][0-9]{8}")
_OLD_RESIDENT_ID: Final = re.compile(r"[A-Z][A-Z][0-9]{8}")

_UBN_WEIGHTS: Final = (1, 2, 1, 2, 1, 2, 4, 1)
_PERSON_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 1, 1)
# The letters in the order of their numbers 10 to 35; I, O, W and Z were given out late.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_LETTER_SUMS: Final = {letter: number // 10 + 9 * (number % 10) for number, letter in enumerate(_LETTERS, 10)}
# A digit's byte is so much more than its value.
_ZEROES: Final = ord("0") * sum(_PERSON_WEIGHTS)


def is_valid_ubn(text: str) -> bool:
    """Whether 統一編號 checks by the rule of 2023: the digit sum divides by 5 (before: by 10).

    With 7 as its seventh digit a number is also valid when the sum plus one divides by 5.
    """
    if not _UBN.fullmatch(text):
        return False
    products = (int(digit) * weight for digit, weight in zip(text, _UBN_WEIGHTS, strict=True))
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (text[6] == "7" and (total + 1) % 5 == 0)


def is_valid_national_id(text: str) -> bool:
    """Whether 國民身分證統一編號 has its shape (letter, 1 or 2, eight digits) and its check digit."""
    return bool(_NATIONAL_ID.fullmatch(text)) and _person_checks(text)


def is_valid_resident_id(text: str) -> bool:
    """Whether 統一證號 in the form of 2021 has its shape (letter, 8 or 9, eight digits) and check digit."""
    return bool(_RESIDENT_ID.fullmatch(text)) and _person_checks(text)


def is_valid_old_resident_id(text: str) -> bool:
    """Whether 統一證號 of the form before 2021 (two letters, eight digits) has its check digit.

    A voucher's `resident_id` is of the new form; this serves those who still show the old one.
    """
    if not _OLD_RESIDENT_ID.fullmatch(text):
        return False
    return _person_checks(text[0] + str(_letter_number(text[1]) % 10) + text[2:])


def is_valid_identifier(id_type: str, text: str) -> bool:
    """Whether a number checks as its type says: `ubn`, `national_id`, `resident_id`; a `passport` always.

    KeyError for a type that is none of these.
    """
    if id_type == "passport":
        return True
    return _CHECKS[id_type](text)


def _letter_number(letter: str) -> int:
    return 10 + _LETTERS.index(letter)


def _person_checks(text: str) -> bool:
    """The letter becomes two digits, weighted 1 and 9; the weighted sum of the eleven divides by 10."""
    weighted: int = sum(map(mul, text[1:].encode("ascii"), _PERSON_WEIGHTS)) - _ZEROES
    return (_LETTER_SUMS[text[0]] + weighted) % 10 == 0


_CHECKS: Final = {
    "ubn": is_valid_ubn,
    "national_id": is_valid_national_id,
    "resident_id": is_valid_resident_id,
}
