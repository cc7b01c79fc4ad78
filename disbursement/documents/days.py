"""Every register, list and summary of a day by its name."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from disbursement.documents.lists import batches_of, by_voucher, cheque_list, remittance_lists
from disbursement.documents.registers import acceptance_register, reception_register, return_register
from disbursement.documents.summary import day_summary
from treasury.core.documents.shapes import Register

# A longer remittance list is printed by voucher: hundreds of pages help nobody, and the file holds every line.
PRINTED_LINES_MAX: Final = 2_000


class DayRegister(NamedTuple):
    """A register of a day: a name for files (a-z, 0-9, hyphens, a batch's message id), whole, and as it is printed."""

    name: str
    whole: Register
    printed: Register


_BY_NAME: Final[dict[str, tuple[Callable[..., Register], str, str]]] = {
    "reception-register": (reception_register, "收件登記簿", "Reception register"),
    "acceptance-register": (acceptance_register, "編號登記簿", "Register of accepted vouchers"),
    "return-register": (return_register, "退件登記簿", "Register of returned vouchers"),
    "cheque-list": (cheque_list, "簽開支票清單", "List of cheques issued"),
    "day-summary": (day_summary, "日結核對表", "Daily reconciliation"),
}
_REMITTANCES: Final = "remittance-list-"
# Batches stand between what happened at the desk and what was paid otherwise.
_BEFORE_BATCHES: Final = 3


def day_registers(*, on: date) -> Iterator[DayRegister]:
    """The registers, lists and the summary of a day, one after the other."""
    makers = [(name, maker) for name, (maker, _, _) in _BY_NAME.items()]
    for name, maker in makers[:_BEFORE_BATCHES]:
        yield _as_it_is(name, maker(on=on))
    for message_id, register in remittance_lists(on=on):
        yield _remittances(message_id, register)
    for name, maker in makers[_BEFORE_BATCHES:]:
        yield _as_it_is(name, maker(on=on))


def day_register(*, on: date, name: str) -> DayRegister | None:
    """One register of a day by its name; None where there is none of that name."""
    if name in _BY_NAME:
        return _as_it_is(name, _BY_NAME[name][0](on=on))
    wanted = name.removeprefix(_REMITTANCES) if name.startswith(_REMITTANCES) else ""
    found = next(iter(remittance_lists(on=on, message_id=wanted)), None) if wanted else None
    return _remittances(*found) if found else None


def day_register_names(*, on: date) -> list[tuple[str, str, str]]:
    """(name, title, English title) of every register of a day in their order, without making any."""
    named = [(name, zh, en) for name, (_, zh, en) in _BY_NAME.items()]
    batches = [
        (_REMITTANCES + message_id, f"通匯清單 {message_id}", f"Remittance list {message_id}")
        for message_id in batches_of(on=on)
    ]
    return [*named[:_BEFORE_BATCHES], *batches, *named[_BEFORE_BATCHES:]]


def _as_it_is(name: str, register: Register) -> DayRegister:
    return DayRegister(name, register, register)


def _remittances(message_id: str, register: Register) -> DayRegister:
    is_long = len(register.rows) > PRINTED_LINES_MAX
    return DayRegister(_REMITTANCES + message_id, register, by_voucher(register) if is_long else register)
