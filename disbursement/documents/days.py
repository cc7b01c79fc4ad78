"""Every register, list and summary of a day by its name."""

from collections.abc import Iterator
from datetime import date

from disbursement.documents.lists import cheque_list, remittance_lists
from disbursement.documents.registers import acceptance_register, reception_register, return_register
from disbursement.documents.summary import day_summary
from treasury.core.documents.shapes import Register


def day_registers(*, on: date) -> Iterator[tuple[str, Register]]:
    """Pairs of name (for a file: a-z, 0-9 and hyphens, and a batch's message id) and register, one after the other."""
    yield "reception-register", reception_register(on=on)
    yield "acceptance-register", acceptance_register(on=on)
    yield "return-register", return_register(on=on)
    for message_id, register in remittance_lists(on=on):
        yield f"remittance-list-{message_id}", register
    yield "cheque-list", cheque_list(on=on)
    yield "day-summary", day_summary(on=on)
