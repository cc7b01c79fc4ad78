"""The check digits of rule E14, as the rule states them."""

LETTERS = "A10 B11 C12 D13 E14 F15 G16 H17 I34 J18 K19 L20 M21 N22 O35 P23 Q24 R25 S26 T27 U28 V29 W32 X30 Y31 Z33"
LETTER_VALUES = {pair[0]: pair[1:] for pair in LETTERS.split()}


def is_right(id_type: str, text: str) -> bool:
    """Tell whether an identifier of the given type carries the right check digit; a passport always does."""
    if id_type == "ubn":
        return ubn_is_right(text)
    if id_type == "national_id":
        return person_is_right(text, "12")
    if id_type == "resident_id":
        return person_is_right(text, "89")
    return True


def ubn_sum(text: str) -> int:
    """Add the digits of the eight weighted products of a business number."""
    total = 0
    for digit, weight in zip(text, (1, 2, 1, 2, 1, 2, 4, 1), strict=True):
        product = int(digit) * weight
        total += product // 10 + product % 10
    return total


def ubn_is_right(text: str) -> bool:
    """Check a business number by the rule of 2023 (divisible by five)."""
    if len(text) != 8 or not all(character in "0123456789" for character in text):
        return False
    total = ubn_sum(text)
    return total % 5 == 0 or (text[6] == "7" and (total + 1) % 5 == 0)


def person_is_right(text: str, second: str) -> bool:
    """Check a national or resident identifier; `second` holds the digits allowed after the letter."""
    if len(text) != 10 or text[0] not in LETTER_VALUES or text[1] not in second:
        return False
    if not all(character in "0123456789" for character in text[1:]):
        return False
    digits = LETTER_VALUES[text[0]] + text[1:]
    total = 0
    for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True):
        total += int(digit) * weight
    return total % 10 == 0
