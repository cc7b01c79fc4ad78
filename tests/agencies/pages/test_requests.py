"""Somebody asks for a role; an administrator of the place decides (A-2.3)."""

from datetime import date

import pytest

from agencies.models import AccessRequest, User
from agencies.selectors import person_for, roles_of
from agencies.services import person_create
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import at_work, logged_in, send
from tests.factories import statements
from treasury.core import clock
from treasury.core.actors import SYSTEM
from treasury.core.models import History

FRIDAY = date(2025, 3, 7)
pytestmark = pytest.mark.usefixtures("agencies")


@pytest.fixture
def lin() -> User:
    """林美玲, a newcomer without a role."""
    return person_create(username="lin", display_name="林美玲", agency_code=CABINET, actor=SYSTEM)


def asked(user: User, **values: str) -> AccessRequest:
    answer = send(at_work(user), "/access-requests/new/", **({"role": "clerk", "reason": "接辦採購付款"} | values))
    assert answer.status_code == 302, answer.content.decode()
    return AccessRequest.objects.filter(user=user).latest("id")


def test_a_newcomer_asks_and_the_own_administrator_grants(lin: User) -> None:
    row = asked(lin, from_on="114/3/10", to_on="114/12/31")
    admin = logged_in("admin", CABINET)

    assert "林美玲" in admin.get("/access-requests/").content.decode()
    send(admin, f"/access-requests/{row.pk}/", f"/access-requests/{row.pk}/decision/", verb="grant", because="同意")

    row = AccessRequest.objects.get(pk=row.pk)
    assert (row.state, row.decided_by, row.decision) == ("granted", "行政院權限管理者", "同意")
    assert {one.role for one in roles_of(lin.pk, date(2025, 3, 10))} == {"clerk"}
    assert not roles_of(lin.pk, FRIDAY) and not roles_of(lin.pk, date(2026, 1, 1))
    verbs = History.objects.filter(machine="access_request", subject_id=row.pk).order_by("id")
    assert list(verbs.values_list("verb", "actor_name")) == [("create", "林美玲"), ("grant", "行政院權限管理者")]
    assert "已核准" in at_work(lin).get("/access-requests/new/").content.decode()


def test_a_refusal_needs_a_reason(lin: User) -> None:
    row = asked(lin)
    admin = logged_in("admin", CABINET)
    page, to = f"/access-requests/{row.pk}/", f"/access-requests/{row.pk}/decision/"

    without = send(admin, page, to, verb="refuse")
    send(admin, page, to, verb="refuse", because="業務已指派他人")

    row = AccessRequest.objects.get(pk=row.pk)
    assert without.status_code == 422 and "還沒有填寫理由" in without.content.decode()
    assert (row.state, row.decision) == ("refused", "業務已指派他人")
    assert not roles_of(lin.pk, FRIDAY)


def test_what_is_decided_is_not_decided_again(lin: User) -> None:
    row = asked(lin)
    admin = logged_in("admin", CABINET)
    page, to = f"/access-requests/{row.pk}/", f"/access-requests/{row.pk}/decision/"
    stale = admin.get(page)
    send(admin, page, to, verb="refuse", because="否")

    from tests.agencies.pages.world import key_of

    answer = admin.post(to, {"submission": key_of(stale), "verb": "grant"})

    assert answer.status_code == 422 and "這個步驟現在不能做" in answer.content.decode()
    assert AccessRequest.objects.get(pk=row.pk).state == "refused"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"role": "payer"}, "請由清單中選擇"),
        ({"role": "clerk", "reason": ""}, "請填寫這個欄位"),
        ({"role": "clerk", "from_on": "114/3/1"}, "日期的先後不對"),
        ({"role": "clerk", "from_on": "114/3/20", "to_on": "114/3/10"}, "日期的先後不對"),
    ],
)
def test_what_cannot_be_asked_for_is_said_at_the_field(values: dict[str, str], says: str, lin: User) -> None:
    answer = send(at_work(lin), "/access-requests/new/", **({"reason": "x"} | values))

    assert answer.status_code == 422 and says in answer.content.decode()
    assert not AccessRequest.objects.exists()


def test_roles_that_exclude_each_other_are_refused_when_asked_for() -> None:
    head = person_for(CABINET, "head", FRIDAY)

    answer = send(logged_in("head", CABINET), "/access-requests/new/", role="admin", reason="x")

    assert answer.status_code == 422 and "這兩個角色不能由同一人擔任" in answer.content.decode()
    assert not AccessRequest.objects.filter(user=head).exists()


def test_asking_twice_makes_one_request(lin: User) -> None:
    first = asked(lin)

    assert asked(lin, reason="再問一次") == first


def test_other_agencies_requests_do_not_exist(lin: User) -> None:
    row = asked(lin)
    stranger = logged_in("admin", MUSEUM)

    assert "林美玲" not in stranger.get("/access-requests/").content.decode()
    assert stranger.get(f"/access-requests/{row.pk}/").status_code == 404
    decided = stranger.post(f"/access-requests/{row.pk}/decision/", {"submission": "x", "verb": "grant"})
    assert decided.status_code == 404
    assert logged_in("clerk", CABINET).get("/access-requests/").status_code == 403
    assert AccessRequest.objects.get(pk=row.pk).state == "requested"


def test_the_treasurys_administrator_decides_for_the_treasury_and_for_first_administrators(lin: User) -> None:
    wu = person_create(username="wu", display_name="吳志明", agency_code="", actor=SYSTEM)
    own, first, other = asked(wu, role="examiner"), asked(lin, role="admin"), asked(lin, role="clerk")
    admin = logged_in("treasury_admin")

    page = admin.get("/access-requests/").content.decode()

    assert f"/access-requests/{own.pk}/" in page and f"/access-requests/{first.pk}/" in page
    assert f"/access-requests/{other.pk}/" not in page


def test_the_queue_asks_as_often_for_many_as_for_few(lin: User) -> None:
    admin = logged_in("admin", CABINET)
    asked(lin)
    few = statements(lambda: admin.get("/access-requests/"))
    people = User.objects.bulk_create(
        User(username=f"p{number:04d}", display_name="某人", agency_code=CABINET) for number in range(200)
    )
    AccessRequest.objects.bulk_create(
        AccessRequest(
            user=user,
            agency_code=CABINET,
            role="clerk",
            wanted_from_on=FRIDAY,
            reason="x",
            requested_at=clock.now(),
        )
        for user in people
    )

    assert statements(lambda: admin.get("/access-requests/")) == few


def test_whoever_inspects_asks_for_nothing() -> None:
    assert logged_in("auditor").get("/access-requests/new/").status_code == 403
