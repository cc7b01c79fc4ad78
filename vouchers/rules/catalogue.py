"""What a rule is, what it finds, and how a rule is written down.

A rule is a generator function over the facts of one voucher and the world it is judged in, made a `Rule` by
one of the two decorators. It yields a place with a sentence in both languages for everything it finds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.worlds import EntryWorld, ExaminationWorld

World = TypeVar("World", EntryWorld, ExaminationWorld)


class Text(NamedTuple):
    """One sentence in Chinese (Taiwan) and English."""

    zh: str
    en: str


class Found(NamedTuple):
    """What a rule function yields: a JSON Pointer from the voucher, and what is wrong there."""

    path: str
    zh: str
    en: str


Find = Callable[[VoucherFacts, World], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a voucher cannot go on; `path` is a JSON Pointer, from the file when the voucher stands in one."""

    rule: str
    reason: Reason
    path: str
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str

    def as_dict(self, language: str = "zh-hant") -> dict[str, str]:
        """The finding of the command contract, its message in `zh-hant` or `en`."""
        message = self.message_en if language == "en" else self.message_zh
        return {"rule": self.rule, "reason": self.reason.value, "path": self.path, "message": message}


class Stage(Enum):
    """Where a finding stops the voucher: the agency cannot submit it, or the treasury returns it."""

    ENTRY = Text("登錄", "entry")
    EXAMINATION = Text("審核", "examination")


class Binds(Enum):
    """Which vouchers a rule binds."""

    EVERY_VOUCHER = Text("付款憑單、轉帳憑單", "every voucher")
    PAYMENT = Text("付款憑單", "payment voucher")
    REMITTANCE = Text("電匯存帳", "payment by remittance")
    FOREIGN_CURRENCY = Text("外幣結匯", "remittance in foreign currency")
    ENTRUSTED = Text("委託劃帳", "entrusted transfer")
    CHEQUE = Text("支票（自領、領回轉發）", "payment by cheque")
    ADVANCE = Text("墊付款", "payment of an advance")
    TRANSFER = Text("轉帳憑單", "transfer voucher")

    def covers(self, voucher: VoucherFacts) -> bool:
        """Whether the voucher is one of these."""
        return _COVERS[self](voucher)


_COVERS: dict[Binds, Callable[[VoucherFacts], bool]] = {
    Binds.EVERY_VOUCHER: lambda voucher: True,
    Binds.PAYMENT: lambda voucher: voucher.is_payment,
    Binds.REMITTANCE: lambda voucher: voucher.is_payment and voucher.method == "remittance",
    Binds.FOREIGN_CURRENCY: lambda voucher: (
        voucher.is_payment and voucher.method == "remittance" and voucher.foreign_currency is not None
    ),
    Binds.ENTRUSTED: lambda voucher: voucher.is_payment and voucher.method == "entrusted",
    Binds.CHEQUE: lambda voucher: voucher.is_cheque,
    Binds.ADVANCE: lambda voucher: voucher.is_advance,
    Binds.TRANSFER: lambda voucher: not voucher.is_payment,
}


@dataclass(frozen=True, slots=True)
class Rule(Generic[World]):
    """One rule of the catalogue; its requirement is the ID of the article it comes from (`B-9.12.1`)."""

    requirement: str
    reason: Reason
    stage: Stage
    binds: Binds
    title: Text
    remedy: Text
    find: Find[World]

    @property
    def name(self) -> str:
        """The name of its function, the one thing no two rules share."""
        return self.find.__name__

    def check(self, voucher: VoucherFacts, world: World) -> Iterator[Finding]:
        """Its findings in a voucher, none when it does not bind it."""
        if not self.binds.covers(voucher):
            return
        for path, zh, en in self.find(voucher, world):
            yield Finding(self.requirement, self.reason, voucher.path + path, zh, en, self.remedy.zh, self.remedy.en)


def entry_rule(
    requirement: str, reason: Reason, binds: Binds, *, title: Text, remedy: Text
) -> Callable[[Find[EntryWorld]], Rule[EntryWorld]]:
    """Makes a function a rule of the entry stage: what it finds is refused."""
    return lambda find: Rule(requirement, reason, Stage.ENTRY, binds, title, remedy, find)


def examination_rule(
    requirement: str, reason: Reason, binds: Binds, *, title: Text, remedy: Text
) -> Callable[[Find[ExaminationWorld]], Rule[ExaminationWorld]]:
    """Makes a function a rule of the examination stage: what it finds is returned."""
    return lambda find: Rule(requirement, reason, Stage.EXAMINATION, binds, title, remedy, find)


def payee_path(index: int, field: str) -> str:
    """The JSON Pointer of a field of a payee line; `index` counts from 0."""
    return f"/payee_lines/{index}/{field}"
