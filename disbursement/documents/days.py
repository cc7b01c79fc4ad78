"""Every register, list and summary of a day by its name."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from disbursement.documents.lists import by_voucher, cheque_list, remittance_lists
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


def day_registers(*, on: date) -> Iterator[DayRegister]:
    """The registers, lists and the summary of a day, one after the other."""
    yield _as_it_is("reception-register", reception_register(on=on))
    yield _as_it_is("acceptance-register", acceptance_register(on=on))
    yield _as_it_is("return-register", return_register(on=on))
    for message_id, register in remittance_lists(on=on):
        is_long = len(register.rows) > PRINTED_LINES_MAX
        printed = by_voucher(register) if is_long else register
        yield DayRegister(f"remittance-list-{message_id}", register, printed)
    yield _as_it_is("cheque-list", cheque_list(on=on))
    yield _as_it_is("day-summary", day_summary(on=on))


def _as_it_is(name: str, register: Register) -> DayRegister:
    return DayRegister(name, register, register)
