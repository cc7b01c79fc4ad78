"""What each parameter means, in which unit it is kept, and which values it takes (requirements section 3)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from treasury.core.amounts import format_twd
from treasury.core.errors import Problem
from treasury.core.texts import either

CAPACITIES: Final = {
    "accountant": ("主辦會計人員", "chief accountant"),
    "head": ("機關長官", "agency head"),
    "releaser": ("放行人", "releaser"),
}


@dataclass(frozen=True, slots=True)
class ParameterKind:
    """One parameter: its names, unit and source, how a text becomes its value, how a value is said.

    `parse(text)` gives the value as it is stored or None when the text is none. `choices` are (text, zh, en) where
    only some values exist. One with `is_fixed` belongs to the installation and is not changed by a date.
    """

    name: str
    title_zh: str
    title_en: str
    unit_zh: str
    unit_en: str
    law: str
    parse: Callable[[str], Any]
    said: Callable[[Any], tuple[str, str]]
    choices: Sequence[tuple[str, str, str]] = ()
    is_fixed: bool = False

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return either(self.title_zh, self.title_en)

    @property
    def unit(self) -> str:
        """Its unit in the reader's language."""
        return either(self.unit_zh, self.unit_en)

    def words(self, value: Any) -> str:
        """A value in words, in the reader's language."""
        return either(*self.said(value))

    def value_of(self, text: str) -> Any:
        """The value that a text stands for; Problem `bad_parameter`."""
        value = self.parse(text.strip())
        if value is None:
            raise Problem("bad_parameter", f"{text!r} is no value of {self.name}", path="/value")
        return value


def _whole(least: int, most: int) -> Callable[[str], int | None]:
    """Plain digits (thousands separators are passed over) between two bounds."""

    def parse(text: str) -> int | None:
        digits = text.replace(",", "")
        value = int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else None
        return value if value is not None and least <= value <= most else None

    return parse


def _one_of(values: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda text: values.get(text)


def _amount(value: Any) -> tuple[str, str]:
    return f"新臺幣 {format_twd(int(value))} 元", f"NT$ {format_twd(int(value))}"


def _counted(zh: str, en: str) -> Callable[[Any], tuple[str, str]]:
    return lambda value: (f"{value} {zh}", f"{value} {en}")


def _signers(value: Any) -> tuple[str, str]:
    return "、".join(CAPACITIES[one][0] for one in value), ", ".join(CAPACITIES[one][1] for one in value)


def _plain(value: Any) -> tuple[str, str]:
    return str(value), str(value)


_READINGS: Final = {
    "strict": (
        "從嚴：三款情形之一成立，且不牴觸其他規定",
        "strict: one ground holds and nothing else speaks against it",
    ),
    "literal": ("依文義：任一款成立即可", "literal: any one ground is enough"),
}
_THREE: Final = ["accountant", "head", "releaser"]
_TWO: Final = ["accountant", "head"]

KINDS: Final[Mapping[str, ParameterKind]] = {
    kind.name: kind
    for kind in (
        ParameterKind("profile", "適用規定", "profile", "", "", "A, B", _one_of({}), _plain, is_fixed=True),
        ParameterKind(
            "petty_amount_twd",
            "小額支付上限（含）",
            "petty cash up to and including",
            "元",
            "TWD",
            "B-9.12.2",
            _whole(0, 1_000_000),
            _amount,
        ),
        ParameterKind(
            "crossing_threshold_twd",
            "支票劃線金額（未達者從寬）",
            "cheque crossing threshold (under it is lenient)",
            "元",
            "TWD",
            "B-27",
            _whole(1, 1_000_000_000),
            _amount,
        ),
        ParameterKind(
            "crossing_reading",
            "免劃線規定之解釋",
            "reading of the crossing rule",
            "",
            "",
            "B-27.2",
            _one_of({name: name for name in _READINGS}),
            lambda value: _READINGS[value],
            [(name, *words) for name, words in _READINGS.items()],
        ),
        ParameterKind(
            "epay_limit_twd",
            "電子支付限額（含）",
            "electronic payment up to and including",
            "元",
            "TWD",
            "A-5.4",
            _whole(1, 1_000_000_000_000),
            _amount,
        ),
        ParameterKind(
            "fisc_max_twd",
            "單筆跨行通匯上限",
            "one remittance between banks at most",
            "元",
            "TWD",
            "B-14.1.1",
            _whole(1, 1_000_000_000_000),
            _amount,
        ),
        ParameterKind(
            "recovery_days",
            "追回期限",
            "days to recover",
            "日",
            "days",
            "B-13.3",
            _whole(1, 365),
            _counted("日", "days"),
        ),
        ParameterKind(
            "cheque_valid_years",
            "支票有效年數",
            "years a cheque is valid",
            "年",
            "years",
            "B-33",
            _whole(1, 10),
            _counted("年", "year(s)"),
        ),
        ParameterKind(
            "required_capacities",
            "應簽章人員",
            "who must sign",
            "",
            "",
            "B-6.2",
            _one_of({",".join(_THREE): _THREE, ",".join(_TWO): _TWO}),
            _signers,
            [(",".join(value), *_signers(value)) for value in (_THREE, _TWO)],
        ),
        ParameterKind(
            "agent_bank",
            "代庫銀行代號",
            "agent bank",
            "三碼",
            "3 digits",
            "B-25",
            lambda text: text if re.fullmatch(r"[0-9]{3}", text) else None,
            _plain,
        ),
        # The statement's text is part of the product, so its version comes with a release.
        ParameterKind(
            "statement_version",
            "簽證聲明版本",
            "certification statement",
            "",
            "",
            "B-11",
            _one_of({}),
            _plain,
            is_fixed=True,
        ),
        ParameterKind(
            "reception_alert_minutes",
            "未收件提醒",
            "alert when not received",
            "分鐘",
            "minutes",
            "B-13.1",
            _whole(1, 10_000),
            _counted("分鐘", "minutes"),
        ),
    )
}
