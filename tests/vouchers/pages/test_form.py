"""The voucher form: every kind of voucher is filled in, saved, checked and sent; what is wrong is said at its field."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.factories import MUSEUM, Desk, many_payees, statements, verbs
from tests.vouchers.examples import Content, advance, cheque, entrusted, foreign_currency, remittance, transfer
from tests.vouchers.pages.clerk import FormPage, flat
from tests.vouchers.pages.conftest import Login, form
from vouchers.drafts import DraftForm
from vouchers.models import Voucher
from vouchers.pages import form_layout
from vouchers.pages.form_shape import SHAPES, generic
from vouchers.services.preparation import voucher_create, voucher_send_back, voucher_submit

NEW = "/vouchers/new/"


def _filled(page: FormPage, content: Content) -> None:
    """Fills a form in as a person does: kind and method first, then what unfolds."""
    typed = flat(content)
    for name in ("kind", "method", "nature", "expense_class"):
        if name in typed and typed[name] != page.values.get(name):
            page.press(f"change:{name}", {name: typed[name]})
    for name, count in (("account_lines", 2), ("payee_lines", 2)):
        if f"{name}.{count - 1}.amount_twd" in typed:
            page.press(f"add:{name}:{count}")
    missing = [name for name in typed if name not in page.values and typed[name] != ""]
    assert missing == [], missing
    page.press("save", typed)


@pytest.mark.parametrize("make", [remittance, entrusted, cheque, foreign_currency, advance, transfer])
def test_each_kind_of_voucher_goes_from_an_empty_form_to_review(
    desk: Desk, login: Login, make: Callable[[], Content]
) -> None:
    client, content = login("clerk"), make()
    page = FormPage(client, NEW)

    _filled(page, content)
    check = client.get(page.press("check")["Location"])
    assert check.context["complaints"] == []
    sent = client.post(f"{check.request['PATH_INFO'][:-6]}send/", form(version=str(page.draft.version)))

    voucher = Voucher.objects.get()
    assert sent["Location"] == f"/vouchers/{voucher.pk}/done/submit/"
    assert voucher.state == "in_review"
    assert voucher.origin == "form"
    assert {name: value for name, value in content.items() if value is not None} == voucher.content
    assert verbs(voucher) == ["create", "submit"]
    assert not DraftForm.objects.exists()


def test_every_field_of_the_schema_has_its_place_on_the_form() -> None:
    placed = {name for part in form_layout.PARTS for name in part.names}
    for part in form_layout.PARTS:
        if part.list_name:
            placed |= {f"{part.list_name}.*.{name}" for name in form_layout.LAYOUTS[part.list_name].columns}
    placed |= {f"payee_lines.*.{name}" for name in (*form_layout.PAYEE_CARD, *form_layout.PAYEE_MORE)}
    placed |= {f"payee_lines.*.source_documents.*.{name}" for name in form_layout.DOCUMENT}

    assert {generic(name) for name in placed} == set(SHAPES)


def test_an_empty_form_stores_nothing_until_it_is_saved(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    assert not DraftForm.objects.exists()
    assert page.values["number"] == "P0310-001"
    assert page.values["issue_date"] == "114/03/10"
    assert page.said("purpose") == []


def test_a_form_sent_for_check_too_early_names_every_field(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    page.press("check", {"total_twd": "三萬", "issue_date": "114/13/45", "account_lines.0.account_code": "9999999999"})

    assert "不是整數金額" in page.said("total_twd")[0]
    assert "填寫如 114/3/10" in page.said("issue_date")[0]
    assert page.said("purpose") == ["未填支出用途請填寫支出用途"]
    assert "預算無科目9999999999" in page.said("account_lines.0")[-1]
    summary = [one.get("href") for one in page.form.xpath("//*[@id='errors']//a")]
    assert "#f-total_twd" in summary
    assert page.form.xpath("//*[@id='f-total_twd']")[0].get("aria-invalid") == "true"
    assert not Voucher.objects.exists()


def test_what_was_typed_wrongly_is_kept_as_it_was_typed(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    page.press("save", {"total_twd": "三萬", "purpose": "文具 <b>", "number": "p1"})

    assert page.values["total_twd"] == "三萬"
    assert page.draft.fields["purpose"] == "文具 <b>"


@pytest.mark.parametrize("text", ["114/3/10", "1140310", "2025-03-10", "民國114年3月10日", "１１４／３／１０"])
def test_dates_are_typed_in_any_usual_form(desk: Desk, login: Login, text: str) -> None:
    page = FormPage(login("clerk"), NEW)

    page.press("check", flat(remittance()) | {"issue_date": text})

    assert page.draft.fields["issue_date"] == text
    assert not page.said("issue_date")


def test_another_method_unfolds_its_fields_and_brings_the_others_back(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    page.press("change:method", {"network": "fisc", "method": "cheque_self"})
    assert "network" not in page.values
    assert "cheque.ground" in page.values

    page.press("change:method", {"method": "remittance"})

    assert page.values["network"] == "fisc"
    assert "cheque.ground" not in page.values


def test_the_number_suggested_follows_the_kind(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)

    page.press("change:kind", {"kind": "transfer"})

    assert page.values["number"] == "T0310-001"
    assert "originals.0.number" in page.values


def test_a_payee_taken_out_takes_its_number_from_the_slips(desk: Desk, login: Login) -> None:
    content = cheque()
    content["payee_lines"] = [content["payee_lines"][0] | {"name": name} for name in ("林小美", "陳大文")]
    content["collection_slips"] = [{"no": "CS1", "payee_seq": 1}, {"no": "CS2", "payee_seq": 2}]
    page = FormPage(login("clerk"), f"/vouchers/{_draft(desk, content).pk}/edit/")

    page.press("save", remove="payee_lines.0")

    assert [line["name"] for line in page.draft.fields["payee_lines"]] == ["陳大文"]
    slips = [(slip["no"], slip.get("payee_seq")) for slip in page.draft.fields["collection_slips"]]
    assert slips == [("CS1", None), ("CS2", "1")]


def test_a_number_in_use_is_said_and_nothing_is_stored(desk: Desk, login: Login) -> None:
    taken, client = desk.draft(), login("clerk")
    page = FormPage(client, NEW)

    page.press("check", flat(remittance() | {"number": taken.number}))

    assert any("已使用" in one for one in page.said("number"))
    answer = client.post(f"/vouchers/drafts/{page.draft.pk}/send/", form(version=str(page.draft.version)))
    assert answer.status_code == 409
    assert Voucher.objects.count() == 1
    assert DraftForm.objects.count() == 1


def test_a_form_sent_twice_makes_one_voucher_and_comes_to_the_same_page(desk: Desk, login: Login) -> None:
    client = login("clerk")
    page = FormPage(client, NEW)
    page.press("save", flat(remittance()))
    sent = form(version=str(page.draft.version))
    address = f"/vouchers/drafts/{page.draft.pk}/send/"

    first, second = client.post(address, sent), client.post(address, sent)

    assert first["Location"] == second["Location"]
    assert Voucher.objects.count() == 1
    assert client.post(address, form(version="1")).status_code == 409
    assert page.press("save", {"purpose": "太晚了"}).status_code == 409
    assert DraftForm.objects.count() == 0


def test_a_voucher_that_was_sent_back_is_mended_by_the_same_form(desk: Desk, login: Login) -> None:
    voucher, client = desk.brought("in_review"), login("clerk")
    voucher_send_back(voucher=voucher, actor=desk.actor("reviewer"), because="用途不明")
    page = FormPage(client, f"/vouchers/{voucher.pk}/edit/")
    assert page.values["purpose"] == voucher.purpose

    page.press("save", {"purpose": "114年3月份辦公用紙"})
    client.post(f"/vouchers/drafts/{page.draft.pk}/send/", form(version=str(page.draft.version)))

    voucher = Voucher.objects.get()
    assert (voucher.state, voucher.purpose, voucher.revision) == ("in_review", "114年3月份辦公用紙", 2)
    assert verbs(voucher)[-2:] == ["change", "submit"]


def test_a_voucher_in_review_has_no_form_and_a_stale_one_says_so(desk: Desk, login: Login) -> None:
    voucher, client = _draft(desk), login("clerk")
    page = FormPage(client, f"/vouchers/{voucher.pk}/edit/")
    voucher_submit(voucher=voucher, actor=desk.actor("clerk"))

    assert client.get(f"/vouchers/{voucher.pk}/edit/").status_code == 409
    assert page.press("save", {"purpose": "太晚了"}).status_code == 409


def test_a_voucher_changed_elsewhere_is_not_overwritten_unseen(desk: Desk, login: Login) -> None:
    from vouchers.services.preparation import voucher_change

    voucher, client = _draft(desk), login("clerk")
    page = FormPage(client, f"/vouchers/{voucher.pk}/edit/")
    page.press("save", {"purpose": "表單所填用途"})
    voucher_change(voucher=voucher, content=voucher.content | {"purpose": "他處所填用途"}, actor=desk.actor("clerk"))

    stale = client.post(f"/vouchers/drafts/{page.draft.pk}/send/", form(version=str(page.draft.version)))
    assert stale.status_code == 409
    page.load(page.address)
    assert page.answer.context["is_behind"]
    page.press("keep")
    client.post(f"/vouchers/drafts/{page.draft.pk}/send/", form(version=str(page.draft.version)))

    assert Voucher.objects.get().purpose == "表單所填用途"


def test_another_agencys_forms_and_vouchers_do_not_exist(desk: Desk, login: Login) -> None:
    page = FormPage(login("clerk"), NEW)
    page.press("save", {"purpose": "本機關"})
    voucher, other = _draft(desk), login("clerk", MUSEUM)

    for path in ("", "check/", "payees/", "find/?what=bank&for=entrusted.bank_code"):
        assert other.get(f"/vouchers/drafts/{page.draft.pk}/{path}").status_code == 404
    for path in ("edit", "check", "copy"):
        assert other.get(f"/vouchers/{voucher.pk}/{path}/").status_code == 404
    assert other.post(f"/vouchers/drafts/{page.draft.pk}/", {"action": "save", "version": "1"}).status_code == 404


@pytest.mark.parametrize("path", [NEW, "/vouchers/drafts/", "/vouchers/import/", f"/vouchers/drafts/{UUID(int=7)}/"])
def test_the_form_is_for_clerks(desk: Desk, login: Login, path: str) -> None:
    assert login("reviewer").get(path).status_code == 403
    assert login("examiner", "").get(path).status_code == 403


def test_the_done_page_stays_and_says_what_happens_next(desk: Desk, login: Login) -> None:
    voucher = desk.brought("awaiting_accountant")

    page = login("clerk").get(f"/vouchers/{voucher.pk}/done/submit/")

    text = re.sub(r"\s+", "", page.content.decode())
    assert voucher.number in text
    assert "114/03/10" in text
    assert "覆核人員將核對憑單" in text
    assert login("clerk").get(f"/vouchers/{voucher.pk}/done/release/").status_code == 404
    assert login("clerk", MUSEUM).get(f"/vouchers/{voucher.pk}/done/submit/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_form_and_check_page_take_as_many_statements_with_one_payee_as_with_500(
    desk: Desk, login: Login, language: str
) -> None:
    client = login("clerk")
    client.cookies["django_language"] = language
    small = FormPage(client, f"/vouchers/{_draft(desk, many_payees(1, amount_twd=20_000)).pk}/edit/")
    large = FormPage(client, f"/vouchers/{_draft(desk, many_payees(500)).pk}/edit/")
    for page in (small, large):
        page.press("save", {"notes.text": "x"})

    for asked in (_shown, _saved, _checked):
        assert statements(lambda: asked(small)) == statements(lambda: asked(large)) < 60  # noqa: B023


def _shown(page: FormPage) -> None:
    assert page.client.get(f"/vouchers/drafts/{page.draft.pk}/").status_code == 200


def _saved(page: FormPage) -> None:
    page.load(f"/vouchers/drafts/{page.draft.pk}/")
    text = page.values["notes.text"] + "x"
    assert page.press("autosave", {"notes.text": text}).status_code == 200


def _checked(page: FormPage) -> None:
    assert page.client.get(f"/vouchers/drafts/{page.draft.pk}/check/").status_code == 200


def _draft(desk: Desk, content: Content | None = None, **changes: Any) -> Voucher:
    content = (content or remittance()) | changes
    number = f"E{Voucher.objects.count() + 1:03d}"
    return voucher_create(
        content=content | {"number": number},
        agency_code=desk.actor("clerk").agency_code,
        fiscal_year=114,
        actor=desk.actor("clerk"),
        origin="form",
    )
