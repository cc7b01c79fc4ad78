"""The examiner's queue and desk page: what is there, who sees it, and how much it costs."""

import csv
import io

import pytest

from disbursement.models import FindingPreview
from disbursement.services import previews
from disbursement.services.paper import voucher_hold_for_paper
from disbursement.services.returns import voucher_return
from tests.disbursement.on_paper import IN_ORDER, mailed
from tests.disbursement.pages.at_the_desk import at_desk, multiplied, step_address, step_form
from tests.factories import CABINET, MUSEUM, OFFICE, Desk, by_force, fresh, statements
from tests.pages import words
from tests.vouchers.examples import advance, changed, cheque, remittance, transfer
from treasury.core import clock
from vouchers.models import Voucher
from vouchers.services.preparation import voucher_change, voucher_correct
from vouchers.services.return_requests import return_request

QUEUE = "/desk/examination/"


def _page(voucher: Voucher) -> str:
    return f"{QUEUE}{voucher.pk}/"


def test_the_queue_shows_the_oldest_first_with_what_the_rules_find(desk: Desk) -> None:
    first, second = desk.brought("received"), desk.brought("received", transfer())

    text = words(at_desk(desk, "examiner").get(QUEUE))

    assert text.index(first.number) < text.index(second.number)
    assert "晨曦文具有限公司" in text and "30,000" in text and "114/03/10（一）" in text
    assert "R02" in text and "無不符" in text and "共 2 筆" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"agency={MUSEUM}", []),
        (f"agency={CABINET}", ["remittance", "transfer"]),
        ("method=remittance", ["remittance"]),
        ("method=transfer", ["transfer"]),
        ("state=on_hold_paper&min=20,000&max=25000", ["cheque"]),
        ("due=114/3/9", []),
        ("due=2025-03-10", ["remittance", "transfer"]),
        ("findings=yes", ["transfer"]),
        ("findings=no", ["remittance"]),
        ("state=on_hold_paper", ["cheque"]),
    ],
)
def test_the_queue_is_narrowed(desk: Desk, query: str, expected: list[str]) -> None:
    places = ("/total_twd", "/account_lines/0/amount_twd", "/payee_lines/0/amount_twd")
    made = {
        "remittance": desk.brought("received"),
        "cheque": desk.brought("received", changed(cheque(), dict.fromkeys(places, 22_000))),
        "transfer": desk.brought("received", transfer()),
    }
    voucher_hold_for_paper(voucher=made["cheque"], actor=desk.treasurer("examiner"), because="存疑")

    text = words(at_desk(desk, "examiner").get(f"{QUEUE}?{query}"))

    assert [name for name, voucher in made.items() if voucher.number in text] == expected


@pytest.mark.parametrize("query", ["min=viel", "due=gestern"])
def test_a_filter_that_makes_no_sense_is_told_and_narrows_nothing(desk: Desk, query: str) -> None:
    voucher, examiner = desk.brought("received"), at_desk(desk, "examiner")

    response = examiner.get(f"{QUEUE}?{query}")

    assert 'aria-invalid="true"' in response.content.decode()
    assert voucher.number in words(response)
    assert examiner.get(f"{_page(voucher)}?{query}").status_code == 200


def test_a_file_of_another_kind_is_refused(desk: Desk) -> None:
    assert at_desk(desk, "examiner").get(f"{QUEUE}?format=pdf").status_code == 400


def test_the_queue_comes_as_a_file(desk: Desk) -> None:
    voucher = desk.brought("received")

    response = at_desk(desk, "auditor").get(f"{QUEUE}?format=csv")

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][0] == "憑單編號"
    assert rows[1][:6] == [voucher.number, "1", CABINET, "行政院", "晨曦文具有限公司", "30000"]


def test_a_long_queue_takes_no_more_statements_than_a_short_one(desk: Desk) -> None:
    voucher = desk.brought("received")
    multiplied(voucher, 9)
    examiner = at_desk(desk, "examiner")
    examiner.get(QUEUE)
    short = {address: statements(lambda a=address: examiner.get(a)) for address in (QUEUE, _page(voucher))}  # type: ignore[misc]

    multiplied(voucher, 2_000)

    long = {address: statements(lambda a=address: examiner.get(a)) for address in short}  # type: ignore[misc]
    assert long == short
    assert max(long.values()) <= 70


def test_the_desk_shows_voucher_findings_balances_and_signatures(desk: Desk) -> None:
    voucher = desk.brought("received")

    text = words(at_desk(desk, "examiner").get(_page(voucher)))

    assert "無不符事項" in text
    assert "3,000,000" in text and "2,970,000" in text
    assert "電子簽章驗證相符" in text
    assert all(title in text for title in ("主辦會計人員", "機關長官", "放行人"))
    assert "審核通過" in text and "B-23.2.3" in text and "B-24.11" in text


def test_findings_are_shown_with_law_and_remedy_and_mark_their_reasons(desk: Desk) -> None:
    voucher = desk.brought("received")
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)

    response = at_desk(desk, "examiner").get(_page(voucher))

    page, text = response.content.decode(), words(response)
    assert "B-23.2.1" in text and "不足" in text
    assert 'value="R01" id="reason-R01" checked' in page
    assert 'value="R04" id="reason-R04">' in page


def test_what_the_agency_asks_back_is_told_and_marks_its_reason(desk: Desk) -> None:
    voucher = desk.brought("received")
    return_request(voucher=voucher, actor=desk.actor("clerk"), because="金額誤植")

    response = at_desk(desk, "examiner").get(_page(voucher))

    assert "金額誤植" in words(response)
    assert 'id="reason-R07" checked' in response.content.decode()


def test_what_changed_since_the_last_revision_and_why_it_went_back_is_shown(desk: Desk) -> None:
    voucher, examiner = desk.brought("received"), desk.treasurer("examiner")
    voucher_return(voucher=voucher, actor=examiner, reasons=["R04"], note="用途不明")
    voucher_correct(voucher=voucher, actor=desk.actor("clerk"))
    again = fresh(voucher)
    content = again.content | {"purpose": "114年3月份影印紙採購"}
    voucher_change(voucher=again, content=content, actor=desk.actor("clerk"))
    again = fresh(voucher)
    while again.state != "received":
        again = desk.moved(again)
    other = desk.brought("received")

    text = words(at_desk(desk, "examiner").get(_page(again)))

    assert "114年3月份影印紙採購" in text and "114年3月份辦公文具採購" in text
    assert "用途不明" in text and "114-0000001 PDF" in text
    assert "用途不明" in words(at_desk(desk, "examiner").get(_page(other)))


def test_paper_that_was_asked_for_is_told_and_its_check_is_offered(desk: Desk) -> None:
    voucher = desk.brought("received")
    voucher_hold_for_paper(voucher=voucher, actor=desk.treasurer("examiner"), because="請補送用印憑單")

    text = words(at_desk(desk, "examiner").get(_page(voucher)))

    assert "請補送用印憑單" in text and "紙本核對無誤" in text and "機關長官印鑑與留存樣式相符" in text


def test_a_paper_voucher_has_the_check_of_its_seals_in_place_of_signatures(desk: Desk) -> None:
    voucher = mailed(desk)
    examiner = at_desk(desk, "examiner")
    assert "紙本收件" in words(examiner.get(_page(voucher)))

    form = step_form(voucher, seal=["accountant", "head"], same="on")
    examiner.post(step_address(voucher, "receive_paper"), form)

    text = words(examiner.get(_page(voucher)))
    assert IN_ORDER.is_ok and fresh(voucher).state == "paper_received"
    assert "紙本印鑑及內容相符" in text and "審核通過" in text


@pytest.mark.parametrize("content", [advance(), transfer(), remittance()], ids=["advance", "transfer", "payment"])
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_kind_of_voucher_opens_in_both_languages(desk: Desk, content: dict[str, object], language: str) -> None:
    voucher = desk.brought("received", content)

    for role in ("examiner", "auditor"):
        assert at_desk(desk, role, language=language).get(_page(voucher)).status_code == 200


@pytest.mark.parametrize("role", ["auditor", "supervisor", "payer", "treasury_admin"])
def test_who_only_reads_finds_no_button(desk: Desk, role: str) -> None:
    voucher = desk.brought("received")

    page = at_desk(desk, role).get(_page(voucher)).content.decode()

    assert "/steps/" not in page.partition("<main")[2]


@pytest.mark.parametrize("address", [QUEUE, "/desk/examination/1/", "/desk/reception/", "/desk/registers/"])
@pytest.mark.parametrize("role", ["clerk", "head", "releaser"])
def test_an_agency_has_no_business_at_the_desk(desk: Desk, address: str, role: str) -> None:
    assert at_desk(desk, role, CABINET).get(address).status_code == 403


def test_a_voucher_that_is_none_is_not_found(desk: Desk) -> None:
    assert at_desk(desk, "examiner").get(f"{QUEUE}999999/").status_code == 404


def test_home_and_rail_count_what_waits(desk: Desk) -> None:
    desk.brought("received")
    mailed(desk)

    text = words(at_desk(desk, "examiner").get("/"))

    assert "待審核" in text and "紙本待收件" in text


def test_a_return_asked_for_stands_in_an_examiners_queue_wherever_the_voucher_is_by_now(desk: Desk) -> None:
    received, accepted, scheduled = (desk.brought(state) for state in ("received", "accepted", "scheduled"))
    desk.brought("accepted")
    for voucher in (received, accepted, scheduled):
        return_request(voucher=fresh(voucher), actor=desk.actor("releaser"), because="受款人誤植")
    examiner = at_desk(desk, "examiner")

    home = words(examiner.get("/"))
    listed = examiner.get(f"{QUEUE}?asked=yes").context["listing"].shown
    in_queue = words(examiner.get(QUEUE))
    page = examiner.get(f"{_page(accepted)}?asked=yes")
    answer = examiner.post(
        step_address(scheduled, "return_to_agency"),
        step_form(fresh(scheduled), reason=["R07"], because="機關申請", queue="asked=yes"),
    )

    assert "3 機關申請退件" in home
    assert [row.pk for row in listed] == [received.pk, accepted.pk, scheduled.pk]
    assert in_queue.count("申請退件") >= 3
    assert page.context["after_url"] == f"{_page(scheduled)}?asked=yes"
    assert "return_to_agency" in page.context["forms"]
    assert (answer.status_code, fresh(scheduled).state) == (302, "returned")
    assert len(examiner.get(f"{QUEUE}?asked=yes").context["listing"].shown) == 2


def test_from_a_vouchers_page_the_treasury_goes_on_to_the_desk_and_the_agency_does_not(desk: Desk) -> None:
    voucher, paper = desk.brought("received"), mailed(desk)

    link = f'href="{_page(voucher)}"'
    examiner = at_desk(desk, "examiner")

    assert link in examiner.get(f"/vouchers/{voucher.pk}/").content.decode()
    assert f'href="{_page(paper)}"' in examiner.get(f"/vouchers/{paper.pk}/").content.decode()
    assert link not in at_desk(desk, "clerk", CABINET).get(f"/vouchers/{voucher.pk}/").content.decode()


def test_the_whole_queue_is_narrowed_by_findings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "AT_ONCE", 3)
    multiplied(desk.brought("received"), 4)
    last = desk.brought("received", transfer())
    examiner = at_desk(desk, "examiner")

    early = examiner.get(f"{QUEUE}?findings=yes")
    passes = [previews.previews_refresh() for _ in range(2)]
    found = [row.pk for row in examiner.get(f"{QUEUE}?findings=yes").context["listing"].shown]
    clean = examiner.get(f"{QUEUE}?findings=no")

    assert early.context["listing"].shown == [] and "另有 3 件尚未檢核" in words(early)
    assert passes == [3, 0] and found == [last.pk]
    assert len(clean.context["listing"].shown) == 5 and "尚未檢核" not in words(clean)


def test_what_was_looked_at_long_ago_is_looked_at_again_and_what_is_decided_forgotten(desk: Desk) -> None:
    waits, decided = desk.brought("received"), desk.brought("received")
    previews.previews_refresh()
    by_force("UPDATE ledger_authority SET available_twd = 1 WHERE code = %s", OFFICE)
    voucher_return(voucher=decided, actor=desk.treasurer("examiner"), reasons=["R07"])

    fresh_ones = previews.previews_refresh()
    with clock.frozen(clock.now() + previews.STALE_AFTER):
        again = previews.previews_refresh()

    assert (fresh_ones, again) == (0, 1)
    assert list(FindingPreview.objects.values_list("pk", "has_findings")) == [(waits.pk, True)]
