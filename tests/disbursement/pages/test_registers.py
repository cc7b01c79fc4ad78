"""Reception, registers, notices and panels: what is read of the desk, and by whom."""

import csv
import io
from datetime import timedelta

import pytest

from disbursement.services.paper import voucher_receive_paper
from disbursement.services.returns import voucher_return
from tests.disbursement.on_paper import WITHOUT_HEAD, mailed
from tests.disbursement.pages.at_the_desk import at_desk, multiplied
from tests.factories import CABINET, MUSEUM, ON, Desk, by_force, statements
from tests.pages import words
from vouchers.models import Voucher

DAY = ON.isoformat()
NAMES = ("reception-register", "acceptance-register", "return-register", "cheque-list", "day-summary")


def _returned(desk: Desk) -> Voucher:
    voucher = desk.brought("received")
    voucher_return(voucher=voucher, actor=desk.treasurer("examiner"), reasons=["R11"], note="請補正用途")
    return voucher


def test_what_is_released_and_not_taken_in_is_alerted_after_the_treasurys_minutes(desk: Desk) -> None:
    voucher = desk.brought("released")
    examiner = at_desk(desk, "examiner")
    assert "仍未收件" not in words(examiner.get("/desk/reception/"))

    by_force("UPDATE core_history SET at = at - %s WHERE verb = 'release'", timedelta(minutes=31))

    text = words(examiner.get("/desk/reception/"))
    assert "有 1 件放行超過 30 分鐘仍未收件" in text
    assert voucher.number in text and "逾時" in text


def test_what_came_in_is_shown_with_its_verdict_and_what_went_straight_back_alone(desk: Desk) -> None:
    good = desk.brought("received")
    bad = desk.brought("released")
    by_force("DELETE FROM signing_signature WHERE document_ref = %s AND capacity = 'head'", bad.reference)
    desk.moved(bad)
    paper = mailed(desk)
    voucher_receive_paper(voucher=paper, actor=desk.treasurer("examiner"), check=WITHOUT_HEAD)
    examiner = at_desk(desk, "examiner")

    received = words(examiner.get("/desk/reception/?show=received"))
    rejected = words(examiner.get("/desk/reception/?show=rejected"))

    assert all(one.number in received for one in (good, bad, paper))
    assert "簽章相符" in received and "簽章不符" in received and "紙本不符" in received
    assert good.number not in rejected and bad.number in rejected and paper.number in rejected
    assert "當日尚無收件" in words(examiner.get("/desk/reception/?show=received&on=114/3/7"))


def test_paper_on_its_way_is_listed_with_its_desk_page(desk: Desk) -> None:
    voucher = mailed(desk)

    page = at_desk(desk, "examiner").get("/desk/reception/?show=mailed").content.decode()

    assert f"/desk/examination/{voucher.pk}/" in page


@pytest.mark.parametrize("part", ["waiting", "mailed", "received", "rejected", "nonsense"])
def test_reception_takes_no_more_statements_for_many(desk: Desk, part: str) -> None:
    voucher = desk.brought("released" if part == "waiting" else "received")
    multiplied(voucher, 9)
    examiner, address = at_desk(desk, "examiner"), f"/desk/reception/?show={part}"
    examiner.get(address)
    short = statements(lambda: examiner.get(address))

    multiplied(voucher, 500)

    assert statements(lambda: examiner.get(address)) == short


@pytest.mark.parametrize("name", NAMES)
def test_a_register_is_shown_printed_and_taken_away(desk: Desk, name: str) -> None:
    accepted, back = desk.brought("accepted"), _returned(desk)
    auditor = at_desk(desk, "auditor")

    screen = auditor.get(f"/desk/registers/{DAY}/{name}/")
    printed = auditor.get(f"/desk/registers/{DAY}/{name}.pdf")
    taken = auditor.get(f"/desk/registers/{DAY}/{name}/?format=csv")

    assert screen.status_code == printed.status_code == taken.status_code == 200
    assert printed.content.startswith(b"%PDF") and printed.headers["Content-Type"] == "application/pdf"
    assert len(list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))) >= 1
    shown = {"reception-register": accepted, "acceptance-register": accepted, "return-register": back}.get(name)
    if shown is not None:
        assert shown.number in words(screen) and "30,000" in words(screen)


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_a_register_comes_in_open_formats(desk: Desk, kind: str) -> None:
    desk.brought("accepted")

    response = at_desk(desk, "examiner").get(f"/desk/registers/{DAY}/acceptance-register/?format={kind}")

    assert response.content.startswith(b"PK")


def test_a_batch_is_a_register_of_its_own(desk: Desk) -> None:
    desk.brought("paying")
    batch = desk.batch()
    examiner = at_desk(desk, "examiner")

    assert batch.message_id in words(examiner.get(f"/desk/registers/?on={DAY}"))
    text = words(examiner.get(f"/desk/registers/{DAY}/remittance-list-{batch.message_id}/"))
    assert "晨曦文具有限公司" in text


@pytest.mark.parametrize("address", [f"{DAY}/nonsense/", f"{DAY}/remittance-list-X/", f"{DAY}/nonsense.pdf"])
def test_a_register_that_is_none_is_not_found(desk: Desk, address: str) -> None:
    assert at_desk(desk, "examiner").get(f"/desk/registers/{address}").status_code == 404


def test_a_day_without_anything_says_so(desk: Desk) -> None:
    text = words(at_desk(desk, "examiner").get("/desk/registers/114-03-07/return-register/"))

    assert "本日無案件" in text


def test_a_register_takes_no_more_statements_for_many(desk: Desk) -> None:
    voucher = desk.brought("received")
    multiplied(voucher, 9)
    auditor, address = at_desk(desk, "auditor"), f"/desk/registers/{DAY}/reception-register/"
    auditor.get(address)
    short = statements(lambda: auditor.get(address))

    multiplied(voucher, 2_000)

    assert statements(lambda: auditor.get(address)) == short
    assert "共 2010 筆" in words(auditor.get(address))


def test_an_agency_reads_its_own_notice_and_no_other(desk: Desk) -> None:
    voucher = _returned(desk)
    address = f"/desk/notices/{voucher.return_notices.get().pk}.pdf"

    own = at_desk(desk, "clerk", CABINET).get(address)

    assert own.status_code == 200 and own.content.startswith(b"%PDF")
    assert at_desk(desk, "auditor").get(address).status_code == 200
    assert at_desk(desk, "clerk", MUSEUM).get(address).status_code == 404
    assert at_desk(desk, "clerk", CABINET).get("/desk/notices/999999.pdf").status_code == 404


def test_the_vouchers_own_page_tells_of_reception_acceptance_payment_and_returns(desk: Desk) -> None:
    paid, back = desk.brought("paying"), _returned(desk)
    clerk = at_desk(desk, "clerk", CABINET)

    text = words(clerk.get(f"/vouchers/{paid.pk}/"))
    returned = words(clerk.get(f"/vouchers/{back.pk}/"))

    assert "收件編號 114-0000001" in text and "登記編號 114-0000001" in text and "待送" in text
    assert "退件通知書 114-0000001 PDF" in returned and "請補正用途" in returned
