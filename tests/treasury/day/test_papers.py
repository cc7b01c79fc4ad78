"""The papers of a small day lie where they should, and come out the same again."""

import csv
from collections.abc import Callable
from pathlib import Path

from disbursement.services.batches import batch_send, batches_build
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.returns import voucher_return
from disbursement.services.statements import statement_fetch
from signing.models import LogHead
from tests.core.documents.reading import pages
from tests.disbursement.bank.bank_process import BankProcess
from tests.factories import CABINET, ON, Desk, answered, fresh, many_payees, statements
from tests.vouchers.examples import changed, cheque, remittance
from treasury.day import papers
from treasury.day.request import DayRequest
from vouchers.models import IntakeFile
from vouchers.services.preparation import voucher_correct

StartBank = Callable[..., BankProcess]


def _request(out: Path) -> DayRequest:
    return DayRequest(on=ON, vouchers=out / "day", out=out)


def _files() -> list[IntakeFile]:
    return list(IntakeFile.objects.order_by("pk"))


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _played(desk: Desk, start_agent_bank: StartBank) -> str:
    """P0310-001 paid in a batch, 002 by two cheques, 003 returned, 004 still a draft; returns the batch's id."""
    bank = start_agent_bank()
    desk.stock(2)
    desk.brought("paying", many_payees(3))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    answered(bank)
    payee = cheque()["payee_lines"][0]
    slips = [{"no": f"CS{seq}", "payee_seq": seq} for seq in (1, 2)]
    two = {"/payee_lines": [payee | {"amount_twd": 15_000}] * 2, "/collection_slips": slips}
    desk.moved(desk.brought("scheduled", changed(cheque(), two)))
    voucher_return(voucher=desk.brought("received"), actor=desk.treasurer("examiner"), reasons=["R07"])
    desk.draft()
    day_reconcile(on=ON, message=statement_fetch(on=ON))
    return batch.message_id


def test_every_paper_lies_under_its_name(desk: Desk, start_agent_bank: StartBank, tmp_path: Path) -> None:
    message_id = _played(desk, start_agent_bank)
    out = tmp_path / "out"

    counts = papers.write(_request(out), files=_files())

    assert counts == {"bank_files": 3, "registers": 6, "vouchers": 3, "cheques": 2, "returns": 1, "unprinted": 0}
    registers = ("acceptance-register", "cheque-list", "day-summary", "reception-register", "return-register")
    names = [*registers, f"remittance-list-{message_id}"]
    assert sorted(name for name in _contents(out) if not name.startswith("bank/")) == sorted(
        [
            *(f"vouchers/{CABINET}-114-P0310-00{number}.pdf" for number in (1, 2, 3)),
            "cheques/NT0000001.pdf",
            "cheques/NT0000002.pdf",
            "cheques/all.pdf",
            f"returns/{CABINET}-114-P0310-003.pdf",
            *(f"registers/{name}.{ending}" for name in names for ending in ("csv", "pdf")),
        ]
    )


def test_the_papers_say_what_happened(desk: Desk, start_agent_bank: StartBank, tmp_path: Path) -> None:
    _played(desk, start_agent_bank)

    papers.write(_request(tmp_path), files=_files())

    paid = "".join(pages((tmp_path / "vouchers" / f"{CABINET}-114-P0310-001.pdf").read_bytes()))
    assert "付訖" in paid and "電子簽章相符" in paid and "600" in paid
    sent_back = "".join(pages((tmp_path / "vouchers" / f"{CABINET}-114-P0310-003.pdf").read_bytes()))
    assert "已退件" in sent_back and "付訖" not in sent_back
    assert len(pages((tmp_path / "cheques" / "all.pdf").read_bytes())) == 2
    with (tmp_path / "registers" / "cheque-list.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert [(row["支票號碼"], row["金額"]) for row in csv.DictReader(lines)] == [
            ("NT0000001", "15000"),
            ("NT0000002", "15000"),
        ]


def test_the_same_day_again_writes_the_same_bytes(desk: Desk, start_agent_bank: StartBank, tmp_path: Path) -> None:
    _played(desk, start_agent_bank)
    papers.write(_request(tmp_path / "one"), files=_files())
    papers.write(_request(tmp_path / "two"), files=_files())
    first = _contents(tmp_path / "one")

    papers.write(_request(tmp_path / "one"), files=_files())

    assert _contents(tmp_path / "one") == _contents(tmp_path / "two") == first


def test_a_second_return_does_not_overwrite_the_first(desk: Desk, tmp_path: Path) -> None:
    voucher = desk.brought("received")
    for _ in range(2):
        voucher_return(voucher=fresh(voucher), actor=desk.treasurer("examiner"), reasons=["R07"])
        voucher_correct(voucher=fresh(voucher), actor=desk.actor("clerk"))
        while fresh(voucher).state != "received":
            desk.moved(fresh(voucher))

    papers.write(_request(tmp_path), files=_files())

    assert sorted(path.name for path in (tmp_path / "returns").iterdir()) == [
        f"{CABINET}-114-P0310-001-r2.pdf",
        f"{CABINET}-114-P0310-001.pdf",
    ]


def test_a_day_without_vouchers_has_its_registers(desk: Desk, tmp_path: Path) -> None:
    counts = papers.write(_request(tmp_path), files=[])

    assert counts == {"bank_files": 0, "registers": 5, "vouchers": 0, "cheques": 0, "returns": 0, "unprinted": 0}
    assert not (tmp_path / "cheques").exists()


def test_more_vouchers_take_no_more_statements(desk: Desk, tmp_path: Path) -> None:
    desk.brought("paying")
    batches_build(on=ON, actor=desk.treasurer("payer"))
    one = statements(lambda: papers.write(_request(tmp_path), files=_files()))
    for _ in range(3):
        desk.brought("paying", remittance())
    batches_build(on=ON, actor=desk.treasurer("payer"))

    assert statements(lambda: papers.write(_request(tmp_path), files=_files())) == one


def test_the_days_head_lies_beside_the_papers_as_auditors_keep_it(desk: Desk, tmp_path: Path) -> None:
    papers.write(_request(tmp_path), files=[], head=LogHead(size=7, note=b"a note", token=b"a token"))

    assert (tmp_path / "log" / "7.note").read_bytes() == b"a note"
    assert (tmp_path / "log" / "7.tst").read_bytes() == b"a token"
