"""退件: back to the agency with every reason marked, and the balance free again."""

import pytest

from disbursement.models import ReturnNotice
from disbursement.services.returns import voucher_return
from tests.factories import OFFICE, OFFICE_TWD, ON, Desk, fresh
from tests.vouchers.examples import advance
from treasury.core.errors import Problem
from treasury.core.models import History
from treasury.ledger import selectors as ledger
from treasury.ledger.models import Posting
from vouchers.models import Voucher


def _available() -> int:
    return ledger.available(114, [OFFICE])[OFFICE]


@pytest.mark.parametrize("state", ["accepted", "scheduled"])
def test_a_return_frees_what_was_reserved(desk: Desk, state: str) -> None:
    voucher = desk.brought(state)
    assert _available() == OFFICE_TWD - 30_000

    notice = voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07", "R03"])

    assert fresh(voucher).state == "returned"
    assert _available() == OFFICE_TWD
    assert (notice.reasons, notice.notice_no, notice.revision) == (["R03", "R07"], 1, 1)
    assert (notice.returned_on, notice.examiner_name) == (ON, desk.treasurer("examiner").name)


def test_a_return_before_acceptance_books_nothing(desk: Desk) -> None:
    voucher = desk.brought("received")
    before = Posting.objects.count()

    voucher_return(
        voucher=voucher,
        actor=desk.treasurer("examiner"),
        reasons=["R04"],
        findings=[{"rule": "B-9.9", "reason": "R04", "path": "/purpose", "message": "用途空白"}],
    )

    assert Posting.objects.count() == before
    assert ReturnNotice.objects.get().findings[0]["rule"] == "B-9.9"


def test_a_returned_advance_leaves_its_case_as_it_was(desk: Desk) -> None:
    voucher = desk.brought("accepted", advance())

    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07"])

    case = ledger.case(voucher.agency_code, "ADV114-004")
    assert case is not None
    assert case.left_twd == 3_700_000


@pytest.mark.parametrize(
    ("reasons", "note", "code", "path"),
    [
        ([], "", "reason_missing", "/reasons"),
        (["R12"], "", "reason_unknown", "/reasons"),
        (["R01", "Balance"], "", "reason_unknown", "/reasons"),
        (["R11"], "", "note_missing", "/note"),
        (["R01", "R11"], "  ", "note_missing", "/note"),
    ],
)
def test_a_return_has_known_reasons_and_the_open_one_has_words(
    desk: Desk, reasons: list[str], note: str, code: str, path: str
) -> None:
    voucher = desk.brought("received")

    with pytest.raises(Problem) as refused:
        voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=reasons, note=note)

    assert (refused.value.code, refused.value.path) == (code, path)
    assert fresh(voucher).state == "received"
    assert not ReturnNotice.objects.exists()


def test_the_words_of_a_return_are_kept_with_the_notice_and_the_step(desk: Desk) -> None:
    voucher = desk.brought("received")

    notice = voucher_return(
        voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R11"], note="與來文所附清冊不符"
    )

    last = History.objects.filter(machine="voucher", subject_id=voucher.pk).latest("id")
    assert notice.note == last.because == "與來文所附清冊不符"
    assert last.details == {"reasons": ["R11"]}


def test_once_an_instruction_has_left_nothing_is_returned(desk: Desk) -> None:
    voucher = desk.brought("paying")

    with pytest.raises(Problem) as refused:
        voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R07"])

    assert (refused.value.code, refused.value.status) == ("wrong_state", 409)
    assert _available() == OFFICE_TWD - 30_000


def test_notices_are_numbered_in_the_order_of_their_year(desk: Desk) -> None:
    examiner = desk.treasurer("examiner")

    numbers = [
        voucher_return(voucher=desk.brought("received"), actor=examiner, reasons=["R07"]).notice_no for _ in range(3)
    ]

    assert numbers == [1, 2, 3]
    assert Voucher.objects.filter(state="returned").count() == 3
