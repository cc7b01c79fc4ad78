"""Lines that came back from the bank, and what people do with them."""

from collections.abc import Callable

from disbursement.models import PaymentInstruction, ReturnSlip
from disbursement.services import returned_lines
from disbursement.services.batches import batch_send
from disbursement.services.returned_lines import PayeeAccount
from disbursement.services.statements import statement_apply, statement_fetch
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import ON, Desk, answered, many_payees
from tests.vouchers.examples import Content
from treasury.ledger.authorities import Draw

StartBank = Callable[..., BankProcess]
RIGHT = PayeeAccount("0130017", "555555555555", "林小美")
BY_LETTER = "機關更正函第1140310號"


def came_back(
    desk: Desk, start: StartBank, content: Content | None = None, *, account_no: str = "000000000002"
) -> tuple[PaymentInstruction, BankProcess]:
    """A line that the bank has returned and whose money is back."""
    bank = start(returns={account_no: "04"})
    voucher = desk.brought("paying", content or many_payees(3))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    statement_apply(message=statement_fetch(on=ON), on=ON)
    return PaymentInstruction.objects.get(voucher=voucher, account_no=account_no), bank


def correct(desk: Desk, line: PaymentInstruction, payee: PayeeAccount = RIGHT, role: str = "clerk") -> object:
    """The agency's clerk, or the treasury's person of a role, corrects where a line shall go."""
    actor = desk.actor(role) if role == "clerk" else desk.treasurer(role)
    return returned_lines.instruction_correct(instruction=line, payee=payee, actor=actor, because=BY_LETTER)


def resend(desk: Desk, line: PaymentInstruction) -> PaymentInstruction:
    """The payer sends a corrected line again."""
    return returned_lines.instruction_resend(instruction=line, actor=desk.treasurer("payer"))


def give_back(desk: Desk, line: PaymentInstruction, *draws: Draw, because: str = "受款人已歇業") -> ReturnSlip:
    """The payer gives the money of a line back to its accounts."""
    return returned_lines.instruction_return_to_treasury(
        instruction=line, actor=desk.treasurer("payer"), because=because, draws=draws
    )
