"""Invented staff and pensioners with right check digits; the same seed gives the same people."""

from random import Random
from typing import Any

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈"
GIVEN_NAMES = (
    *("志明", "俊宏", "家豪", "建志", "宗翰", "冠宇", "柏翰", "承恩", "文雄", "國華", "信宏", "彥廷"),
    *("淑芬", "淑惠", "美玲", "雅婷", "怡君", "佩珊", "欣怡", "靜宜", "婉婷", "筱涵", "詩涵", "宜蓁"),
    *("子軒", "品睿", "宥翔", "思妤", "郁婷", "佳穎", "雅雯", "惠如", "秀英", "麗華", "明哲", "振宇"),
)
LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", range(10, 36), strict=True)) | {
    **{"I": 34, "J": 18, "K": 19, "L": 20, "M": 21, "N": 22, "O": 35, "P": 23, "Q": 24, "R": 25},
    **{"S": 26, "T": 27, "U": 28, "V": 29, "W": 32, "X": 30, "Y": 31, "Z": 33},
}
ACCOUNT_DIGITS = {"004": 12, "700": 14, "822": 12, "013": 12, "012": 14, "803": 12, "807": 14}


def digits(rng: Random, count: int) -> str:
    """Return a string of digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def national_id(rng: Random) -> str:
    """Return a national identifier: letter, sex, seven digits, check digit."""
    letter = rng.choice("ABCDEFHJKLNPQT")
    body = rng.choice("12") + digits(rng, 7)
    total = LETTER_VALUES[letter] // 10 + LETTER_VALUES[letter] % 10 * 9
    total += sum(int(digit) * weight for digit, weight in zip(body, range(8, 0, -1), strict=True))
    return letter + body + str(-total % 10)


def account_no(rng: Random, bank_code: str) -> str:
    """Return an account number as long as the bank's, beginning with its branch."""
    length = ACCOUNT_DIGITS.get(bank_code[:3], 13)
    return bank_code[3:6] + digits(rng, length - 3)


def person(rng: Random, bank_code: str) -> dict[str, Any]:
    """Return a payee line of a staff member, without its amount."""
    name = rng.choice(SURNAMES) + rng.choice(GIVEN_NAMES)
    line = {"name": name, "kind": "individual", "id_type": "national_id", "id": national_id(rng)}
    return line | {"bank_code": bank_code, "account_no": account_no(rng, bank_code), "account_name": name}
