"""Forms are saved by themselves, compared when two people save them, listed, copied; things are looked up for them."""

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.test import Client

from agencies.services import role_grant
from tests.factories import CABINET, MUSEUM, OFFICE, ON, Desk, statements, verbs
from tests.vouchers.examples import remittance
from tests.vouchers.pages.clerk import FormPage, flat
from tests.vouchers.pages.conftest import Login, form
from treasury.core import clock
from treasury.core.errors import Problem
from vouchers.draft_selectors import number_next
from vouchers.drafts import DraftForm
from vouchers.models import Voucher
from vouchers.revisions import revisions_of
from vouchers.services.preparation import voucher_pass_review

NEW = "/vouchers/new/"


def _autosave(page: FormPage, **changes: str) -> Any:
    typed = {name.replace("__", "."): value for name, value in changes.items()}
    answer = page.press("autosave", typed)
    page.values |= typed | ({"version": str(answer.json()["version"])} if answer.status_code == 200 else {})
    return answer


def test_autosave_keeps_what_is_there_and_says_when(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    told = _autosave(page, total_twd="30,000", purpose="文具").json()

    assert "114/03/10" in told["state"]
    assert told["capitals"] == "新臺幣參萬元整"
    assert told["version"] == 1
    assert page.draft.fields["purpose"] == "文具"
    assert "payee_lines" not in page.draft.fields
    assert not Voucher.objects.exists()


def test_how_many_lines_a_list_has_is_told_while_they_are_typed(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    none = _autosave(page, purpose="文具").json()["counts"]["account_lines"].strip()
    told = _autosave(page, account_lines__0__account_code=OFFICE, account_lines__0__amount_twd="30,000").json()

    assert none == "共 0 筆，合計 0 元"
    assert told["counts"]["account_lines"].strip() == "共 1 筆，合計 30,000 元"
    assert 'data-count="account_lines"' in page.client.get(page.address).content.decode()


def test_the_same_again_is_no_new_version(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    _autosave(page, purpose="文具")

    assert _autosave(page, purpose="文具").json()["version"] == 1


def test_findings_come_with_their_remedy_and_law_for_the_fields_in_view(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    said = {
        name: (message, remedy, law)
        for name, message, remedy, law in _autosave(
            page,
            payee_lines__0__name="晨曦文具有限公司",
            payee_lines__0__amount_twd="30000",
            payee_lines__0__id="04595250",
            payee_lines__0__id_type="ubn",
        ).json()["said"]
    }

    assert said["payee_lines.0.id"][2] == "B-9.12.1"
    assert said["payee_lines.0.source_documents"][1] == "填寫發票號碼或普通收據及開立日期"
    assert said["network"][0] == "未註明通匯別"


def test_hints_tell_the_balance_and_the_bank(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    hints = _autosave(page, account_lines__0__account_code=OFFICE, payee_lines__0__bank_code="0130017").json()["hints"]

    assert hints == {
        "account_lines.0.account_code": "一般行政，可用餘額 3,000,000 元",
        "payee_lines.0.bank_code": "國泰世華銀行分行",
    }


def test_two_tabs_are_shown_side_by_side_and_each_field_is_chosen(desk: Desk, login: Login) -> None:
    client = login("clerk")
    mine = FormPage(client, NEW)
    mine.press("save", {"purpose": "甲", "total_twd": "100"})
    theirs = FormPage(client, mine.address)
    theirs.press("save", {"purpose": "乙", "total_twd": "200"})

    refused = mine.press("autosave", {"purpose": "丙", "total_twd": "300"})
    assert refused.status_code == 409
    assert "另行儲存" in refused.json()["conflict"]
    shown: Any = mine.press("save", {"purpose": "丙", "total_twd": "300"})
    assert shown.status_code == 409
    assert [(one.name, one.theirs, one.mine) for one in shown.context["differences"]] == [
        ("total_twd", "200", "300"),
        ("purpose", "乙", "丙"),
    ]
    choice = {"mine.purpose": "丙", "choose.purpose": "mine", "mine.total_twd": "300", "choose.total_twd": "theirs"}
    client.post(mine.form.get("action"), {"action": "resolve", "version": "2", **choice})

    kept = DraftForm.objects.get()
    assert (kept.fields["purpose"], kept.fields["total_twd"], kept.version) == ("丙", "200", 3)


def test_one_button_takes_everything_of_mine(desk: Desk, login: Login) -> None:
    client = login("clerk")
    page = FormPage(client, NEW)
    page.press("save", {"purpose": "甲"})
    address = f"/vouchers/drafts/{page.draft.pk}/"

    client.post(address, {"action": "resolve", "version": "1", "all": "mine", "mine.purpose": "丙"})

    assert page.draft.fields["purpose"] == "丙"


def test_a_stale_tab_that_says_the_same_is_no_conflict(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    first = dict(page.values)
    page.press("save", {"purpose": "甲"})
    page.values = first

    assert page.press("autosave", {"purpose": "甲"}).status_code == 200


def test_a_form_may_be_thrown_away(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    page.press("save", {"purpose": "甲"})

    assert page.press("discard")["Location"] == "/vouchers/drafts/"
    assert not DraftForm.objects.exists()


def test_accounts_are_found_among_the_agencys_own(desk: Desk, login: Login) -> None:
    def found(client: Client, text: str) -> list[str]:
        return [one[0] for one in client.get("/vouchers/lookups/", {"what": "account", "q": text}).json()["found"]]

    assert found(login("clerk"), "") == ["3203010100", "3203011100", "3203012300"]
    assert found(login("clerk"), "補助") == ["3203012300"]
    assert found(login("clerk"), "5361") == []
    assert found(login("clerk", MUSEUM), "") == ["5361400100"]


@pytest.mark.parametrize(("text", "codes"), [("0040", ["0040059", "0040107"]), ("國泰", ["0130017"]), ("國泰 9", [])])
def test_banks_are_found_by_code_or_name(desk: Desk, login: Login, text: str, codes: list[str]) -> None:
    found = login("clerk").get("/vouchers/lookups/", {"what": "bank", "q": text}).json()["found"]

    assert [one[0] for one in found] == codes


@pytest.mark.parametrize("text", ["0459", "文具"])
def test_payees_are_found_with_the_account_used_before(desk: Desk, login: Login, text: str) -> None:
    desk.draft()
    desk.draft()

    ((name, _note, sets),) = login("clerk").get("/vouchers/lookups/", {"what": "payee", "q": text}).json()["found"]

    assert name == "晨曦文具有限公司"
    assert (sets["id"], sets["bank_code"], sets["account_no"]) == ("04595257", "0130017", "012345678901")
    other = login("clerk", MUSEUM).get("/vouchers/lookups/", {"what": "payee", "q": text})
    assert other.json()["found"] == []


def test_without_javascript_a_bank_is_chosen_on_a_page_of_its_own(desk: Desk, login: Login) -> None:
    client = login("clerk")
    page = FormPage(client, NEW)

    results: Any = client.get(
        page.press("find:bank:payee_lines.0.bank_code", {"payee_lines.0.bank_code": "國泰"})["Location"]
    )
    ((code,),) = [[one.sets["bank_code"] for one in results.context["found"]]]
    chosen = client.post(
        results.request["PATH_INFO"], {"for": "payee_lines.0.bank_code", "set.bank_code": code, "set.name": ""}
    )
    page.load(chosen["Location"].partition("#")[0])

    assert page.values["payee_lines.0.bank_code"] == "0130017"


def test_capitals_are_told_while_an_amount_is_typed(desk: Desk, login: Login) -> None:
    client = login("clerk")

    assert (
        client.get("/vouchers/lookups/capitals/", {"amount": "10,215"}).json()["capitals"] == "新臺幣壹萬貳佰壹拾伍元整"
    )
    assert client.get("/vouchers/lookups/capitals/", {"amount": "x"}).json()["capitals"] == ""


@pytest.mark.parametrize(
    ("numbers", "following"),
    [([], "P0310-001"), (["P0310-004", "P0310-002"], "P0310-005"), (["A-099"], "A-100"), (["X"], "X-001")],
)
def test_the_next_number_follows_the_agencys_pattern(desk: Desk, numbers: list[str], following: str) -> None:
    for number in numbers:
        desk.hand_in(remittance() | {"number": number}, name=number)

    found = number_next(agency_code=CABINET, fiscal_year=114, kind="payment", on=ON)

    assert found == following


def test_a_number_counts_on_past_forms_and_refused_vouchers_and_follows_the_day(desk: Desk, login: Login) -> None:
    desk.hand_in(remittance() | {"number": "P0307-001", "issue_date": "2025-03-07"})
    desk.hand_in(remittance() | {"number": "P0310-007", "gate": "capital"}, name="refused.json")
    FormPage(login("clerk"), NEW).press("save", {"number": "P0310-008"})

    assert number_next(agency_code=CABINET, fiscal_year=114, kind="payment", on=ON) == "P0310-009"


def test_an_earlier_voucher_is_copied_under_a_new_number(desk: Desk, login: Login) -> None:
    voucher, client = desk.brought("in_review"), login("clerk")
    page = client.get(f"/vouchers/{voucher.pk}/copy/")
    assert page.context["number"] == "P0310-002"

    sent = form(number="P0310-002")
    first, second = (client.post(f"/vouchers/{voucher.pk}/copy/", sent)["Location"] for _ in range(2))

    assert first == second
    copied = DraftForm.objects.get()
    assert copied.fields["number"] == "P0310-002"
    assert copied.fields["purpose"] == voucher.purpose
    assert copied.fields["payee_lines"][0]["account_no"] == "012345678901"
    assert "source_documents" not in copied.fields["payee_lines"][0]


def test_a_clerk_sees_the_forms_they_began_and_those_of_colleagues_when_asked(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    page.press("save", {"purpose": "甲"})
    FormPage(login("clerk", MUSEUM), NEW).press("save", {"purpose": "館內"})

    listing = page.client.get("/vouchers/drafts/?whose=all").context["listing"]

    assert [row.purpose for row in listing.shown] == ["甲"]
    assert re.search(r"填寫中之表單", page.client.get("/").content.decode())


def test_the_list_of_forms_takes_as_many_statements_for_10_as_for_2000(desk: Desk, login: Login) -> None:
    client = login("clerk")

    def forms(count: int) -> int:
        DraftForm.objects.bulk_create(
            DraftForm(
                agency_code=CABINET,
                fiscal_year=114,
                owner_id=desk.actor("clerk").user_id,
                version=1,
                fields={"purpose": "甲"},
                saved_at=clock.now(),
                saved_by="x",
            )
            for _ in range(count)
        )
        return statements(lambda: client.get("/vouchers/drafts/"))

    assert forms(10) == forms(1990) < 20


def test_nobody_elsewhere_can_work_out_the_address_of_a_form_that_changes_a_voucher(desk: Desk, login: Login) -> None:
    voucher = desk.brought("draft")
    known = uuid5(NAMESPACE_URL, f"urn:treasury-epay:form:{voucher.pk}:{voucher.revision}")
    login("clerk", MUSEUM).post(f"/vouchers/drafts/{known}/", {"action": "save", "version": "0", "purpose": "佔用"})

    page = FormPage(login("clerk"), f"/vouchers/{voucher.pk}/edit/")

    assert page.values["purpose"] == voucher.purpose


def test_a_name_that_reaches_far_makes_no_lines(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    far = {f"payee_lines.{line}.source_documents.49999.number": "A" for line in range(200)}
    absurd = {f"payee_lines.{'9' * 800}.name": "甲", "account_lines.1000.account_code": "1"}

    page.press("save", far | absurd | {"remove": "payee_lines.²", "purpose": "文具"})

    assert page.draft.fields["purpose"] == "文具"
    assert "account_lines" not in page.draft.fields
    assert len(str(page.draft.fields)) < 10_000


def test_whoever_typed_in_a_form_that_a_colleague_sends_does_not_review_it(desk: Desk, login: Login) -> None:
    reviewer = desk.actor("reviewer")
    assert reviewer.user_id is not None
    role_grant(user_id=reviewer.user_id, role="clerk", actor=desk.actor("admin"))
    both = login("reviewer")
    both.post("/role/", {"role": "clerk"})
    page = FormPage(both, NEW)
    page.press("save", flat(remittance()))

    address = f"/vouchers/drafts/{page.draft.pk}/send/"
    login("clerk").post(address, form(version=str(page.draft.version)))

    voucher = Voucher.objects.get()
    assert verbs(voucher) == ["create", "change", "submit"]
    with pytest.raises(Problem) as refused:
        voucher_pass_review(voucher=voucher, actor=reviewer)
    assert refused.value.code == "separation_of_duty"
    assert revisions_of(voucher)[-1].content == voucher.content
