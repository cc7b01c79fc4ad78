"""The calendar and the parameters: dated, remembered, never edited."""

from datetime import date

import pytest

from tests.agencies.conftest import CABINET
from tests.agencies.pages.world import logged_in, send
from treasury.core.corrections import corrections
from treasury.core.models import CalendarDay, History, Parameter
from treasury.core.parameters import parameters_on, profile_seed

pytestmark = pytest.mark.usefixtures("agencies")
MONDAY, TUESDAY = date(2025, 3, 10), date(2025, 3, 11)


def test_a_typhoon_day_is_recorded_and_its_effect_shown() -> None:
    admin = logged_in("treasury_admin")

    send(admin, "/calendar/", "/calendar/corrections/", on="114/3/10", works="0", note="停止上班公告")

    assert corrections() == {MONDAY: False}
    page = admin.get("/calendar/?year=2025").content.decode()
    assert "停止上班公告" in page and "114/03/11（二）" in page
    act = History.objects.get(machine="calendar_day")
    assert (act.subject_id, act.because) == (20250310, "停止上班公告")


def test_a_correction_is_withdrawn_with_a_reason() -> None:
    admin = logged_in("treasury_admin")
    send(admin, "/calendar/", "/calendar/corrections/", on="114/3/10", works="0", note="停止上班公告")

    without = send(admin, "/calendar/", "/calendar/corrections/withdraw/", on="2025-03-10", because="")
    send(admin, "/calendar/", "/calendar/corrections/withdraw/", on="2025-03-10", because="公告撤回")

    assert without.status_code == 422
    assert corrections() == {}
    assert list(History.objects.filter(machine="calendar_day").values_list("verb", flat=True)) == [
        "correct",
        "withdraw",
    ]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"on": "114/3/6", "works": "0", "note": "x"}, "日期已經過了"),
        ({"on": "114/3/10", "works": "1", "note": "x"}, "行事曆本來就是這樣"),
        ({"on": "114/3/10", "works": "0", "note": ""}, "請填寫這個欄位"),
        ({"on": "someday", "works": "0", "note": "x"}, "日期無法辨識"),
    ],
)
def test_what_is_no_correction_is_refused(values: dict[str, str], says: str) -> None:
    answer = send(logged_in("treasury_admin"), "/calendar/", "/calendar/corrections/", **values)

    assert answer.status_code == 422 and says in answer.content.decode()
    assert not CalendarDay.objects.exists()


def test_everybody_reads_the_calendar_and_only_the_administrator_corrects_it() -> None:
    clerk = logged_in("clerk", CABINET)

    assert clerk.get("/calendar/").status_code == 200
    assert clerk.get("/calendar/?year=1900").status_code == 404
    refused = clerk.post("/calendar/corrections/", {"submission": "x", "on": "114/3/10", "works": "0", "note": "x"})
    assert refused.status_code == 403


@pytest.fixture
def profile(agencies: object) -> None:
    """The national treasury's parameters."""
    profile_seed("nta")


@pytest.mark.usefixtures("profile")
def test_a_parameter_is_set_from_a_day_to_come() -> None:
    admin = logged_in("treasury_admin")

    send(
        admin,
        "/parameters/epay_limit_twd/",
        value="10,000,000",
        from_on="114/7/1",
        because="院授主會財字第1號",
    )

    assert parameters_on(date(2025, 6, 30)).epay_limit_twd == 5_000_000
    assert parameters_on(date(2025, 7, 1)).epay_limit_twd == 10_000_000
    page = admin.get("/parameters/").content.decode()
    assert "新臺幣 10,000,000 元" in page and "院授主會財字第1號" in page and "114/07/01（二） 起" in page


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize(
    ("name", "value", "from_on", "says"),
    [
        ("epay_limit_twd", "many", "114/7/1", "參數的值不正確"),
        ("epay_limit_twd", "-1", "114/7/1", "參數的值不正確"),
        ("epay_limit_twd", "1", "114/3/7", "日期已經過了"),
        ("required_capacities", "head", "114/7/1", "請由清單中選擇"),
        ("agent_bank", "04", "114/7/1", "參數的值不正確"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, value: str, from_on: str, says: str) -> None:
    before = Parameter.objects.count()

    answer = send(logged_in("treasury_admin"), f"/parameters/{name}/", value=value, from_on=from_on, because="x")

    assert answer.status_code == 422 and says in answer.content.decode()
    assert Parameter.objects.count() == before


@pytest.mark.usefixtures("profile")
def test_what_is_set_is_never_edited() -> None:
    admin = logged_in("treasury_admin")
    send(admin, "/parameters/recovery_days/", value="45", from_on="114/7/1", because="修正")

    again = send(admin, "/parameters/recovery_days/", value="60", from_on="114/7/1", because="再修正")

    assert again.status_code == 422 and "這一天已經設定過新的值" in again.content.decode()
    assert parameters_on(date(2025, 7, 1)).recovery_days == 45


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize("name", ["profile", "statement_version", "nothing"])
def test_what_belongs_to_the_installation_has_no_form(name: str) -> None:
    assert logged_in("treasury_admin").get(f"/parameters/{name}/").status_code == 404


@pytest.mark.usefixtures("profile")
def test_the_treasury_reads_parameters_and_agencies_do_not() -> None:
    assert logged_in("examiner").get("/parameters/").status_code == 200
    assert logged_in("examiner").post("/parameters/recovery_days/", {"submission": "x"}).status_code == 403
    assert logged_in("clerk", CABINET).get("/parameters/").status_code == 403
