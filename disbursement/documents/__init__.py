"""The treasury's papers of a day: marks on vouchers, cheques, return notices, registers, lists, the day's summary.

Each function turns rows of the desk into shapes of `treasury.core.documents`; none of them stores or prints.
"""

from disbursement.documents.cheques import cheque_shapes, cheques_issued
from disbursement.documents.days import day_registers
from disbursement.documents.marks import voucher_marks
from disbursement.documents.notices import notice_shapes, notices_of

__all__ = ["cheque_shapes", "cheques_issued", "day_registers", "notice_shapes", "notices_of", "voucher_marks"]
