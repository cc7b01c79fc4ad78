"""What nobody comes back to is announced, then cleaned away; what is saved again stays."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from agencies.selectors import person_for
from tests.factories import CABINET, Desk
from tests.pages import client_of, words
from tests.vouchers.pages.clerk import FormPage
from treasury.core import clock
from treasury.core.errors import Problem
from vouchers.drafts import DraftForm, UploadedFile
from vouchers.services.cleaning import drafts_clean, files_clean
from vouchers.services.drafting import draft_save, file_keep

DAYS, NOTICE = 180, 14


def _begun(desk: Desk) -> DraftForm:
    clerk = desk.actor("clerk")
    draft = DraftForm(agency_code=CABINET, fiscal_year=114, owner_id=clerk.user_id)
    return draft_save(draft=draft, fields={"purpose": "文具"}, seen_version=0, actor=clerk)


def _after(days: int) -> int:
    with clock.frozen(clock.now() + timedelta(days=days)):
        return drafts_clean()


def test_a_form_is_announced_for_two_weeks_before_it_goes(desk: Desk) -> None:
    draft = _begun(desk)

    young = (_after(DAYS - NOTICE - 1), DraftForm.objects.get().ends_on)
    told = (_after(DAYS - NOTICE + 1), DraftForm.objects.get().ends_on)
    waits = (_after(DAYS), DraftForm.objects.count())

    assert young == (0, None)
    assert told == (0, clock.today() + timedelta(days=DAYS + 1))
    assert waits == (0, 1)
    assert (_after(DAYS + 1), DraftForm.objects.count()) == (1, 0)
    assert draft.purpose == "文具"


def test_whatever_is_overdue_is_announced_first_also_after_nights_without_cleaning(desk: Desk) -> None:
    _begun(desk)

    assert (_after(1000), DraftForm.objects.count()) == (0, 1)
    assert _after(1000 + NOTICE - 1) == 0
    assert _after(1000 + NOTICE) == 1


def test_the_clerk_is_told_at_home_and_whoever_saves_a_form_keeps_it(desk: Desk) -> None:
    draft = _begun(desk)
    _after(DAYS - NOTICE + 1)
    clerk = client_of(person_for(CABINET, "clerk", clock.today()).username)

    home, listed = words(clerk.get("/")), words(clerk.get("/vouchers/drafts/"))
    draft.refresh_from_db()
    draft_save(draft=draft, fields={"purpose": "紙張"}, seen_version=1, actor=desk.actor("clerk"))

    assert "即將移除的表單" in home and "有 1 份表單很久沒有儲存，最早的將於 114/09/07（日） 移除" in home
    assert "114/09/07（日） 移除" in listed
    assert DraftForm.objects.get().ends_on is None
    assert "即將移除" not in words(clerk.get("/"))
    assert _after(DAYS + 1) == 0


def test_a_person_begins_no_more_forms_than_may_be_and_is_told_what_to_do(desk: Desk, settings: Settings) -> None:
    settings.DRAFTS_PER_PERSON = 1
    draft = _begun(desk)
    page = FormPage(client_of(person_for(CABINET, "clerk", clock.today()).username), "/vouchers/new/")

    background = page.press("autosave", {"purpose": "紙張"})
    by_hand = page.press("save", {"purpose": "紙張"})
    with pytest.raises(Problem) as refused:
        _begun(desk)

    assert refused.value.code == "too_many_drafts"
    assert background.status_code == 409 and "填寫中之表單已達上限" in background.json()["conflict"]  # type: ignore[attr-defined]
    assert by_hand.status_code == 422 and "請先到「填寫中之表單」" in words(by_hand)
    assert draft_save(draft=draft, fields={"purpose": "紙張"}, seen_version=1, actor=desk.actor("clerk")).version == 2


def test_a_file_that_nobody_takes_in_goes_after_a_week(desk: Desk) -> None:
    file_keep(name="a.json", data=b"{}", actor=desk.actor("clerk"))

    with clock.frozen(clock.now() + timedelta(days=6, hours=23)):
        assert files_clean() == 0
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        assert (files_clean(), UploadedFile.objects.count()) == (1, 0)
