"""Money is whole New Taiwan dollars; here it becomes text, in digits and in formal Chinese numerals."""

from typing import Final, Literal

from treasury.core.errors import Problem

AmountMode = Literal["voucher", "cheque"]

_DIGITS: Final = "零壹貳參肆伍陸柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "萬", "億", "兆")
_ABOVE_TWD: Final[dict[AmountMode, int]] = {"voucher": 10**16, "cheque": 10**12}


def to_chinese_amount(amount_twd: int, *, mode: AmountMode) -> str:
    """The amount in formal Chinese numerals, from 新臺幣 to 元整 (C-21.7.3).

    A cheque writes inner zeros (壹萬零貳佰), a voucher leaves them out (壹萬貳佰), by the national
    treasury's rule for vouchers. Problem `amount_out_of_range` for a negative amount, for a cheque of 10^12
    or more, for a voucher of 10^16 or more.
    """
    if not 0 <= amount_twd < _ABOVE_TWD[mode]:
        raise Problem("amount_out_of_range", f"{amount_twd} cannot be written as the amount of a {mode}")
    return f"新臺幣{_numeral(amount_twd, with_zeros=mode == 'cheque') or '零'}元整"


def format_twd(amount_twd: int) -> str:
    """The amount in digits with thousands separators: 1234567 -> 1,234,567."""
    return f"{amount_twd:,}"


def _numeral(number: int, *, with_zeros: bool) -> str:
    """Groups of four digits from the highest to the lowest; empty for zero."""
    text = ""
    skipped = False
    for index in reversed(range(len(_GROUPS))):
        group = number // 10_000**index % 10_000
        if not group:
            skipped = True
            continue
        # Between groups one 零, and only where a whole group or the next one's thousands are missing.
        if with_zeros and text and (skipped or group < 1000):
            text += _DIGITS[0]
        text += _group(group, with_zeros=with_zeros) + _GROUPS[index]
        skipped = False
    return text


def _group(number: int, *, with_zeros: bool) -> str:
    """One to four digits; a run of inner zeros gives one 零, leading and trailing zeros none."""
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = True
            continue
        if with_zeros and gap and text:
            text += _DIGITS[0]
        text += _DIGITS[digit] + _PLACES[place]
        gap = False
    return text
