"""The treasury's administrator keeps the agencies (A-2.5, A-2.6, B-3.1)."""

from datetime import timedelta

import pytest

from agencies.models import Agency, User
from signing.models import Card
from tests.agencies.conftest import CABINET, MUSEUM
from tests.agencies.pages.world import logged_in, send
from tests.core.drafts import force_state
from tests.factories import statements
from treasury.core import clock

pytestmark = pytest.mark.usefixtures("agencies")


def test_a_new_agency_begins_to_prepare_and_remembers_each_change() -> None:
    admin = logged_in("treasury_admin")

    send(admin, "/agencies/new/", code="0099990000", name="測試機關", kind="agency")
    assert Agency.objects.get(code="0099990000").mode == "onboarding"
    values = {"name": "測試學校", "kind": "school", "mode": "parallel", "because": "更名"}
    send(admin, "/agencies/0099990000/", "/agencies/0099990000/change/", **values)

    agency = Agency.objects.get(code="0099990000")
    assert (agency.name, agency.kind, agency.mode) == ("測試學校", "school", "parallel")
    page = admin.get("/agencies/0099990000/").content.decode()
    assert "測試機關" in page and "更名" in page and "修改" in page


def test_an_agency_goes_live_only_when_nothing_is_missing() -> None:
    admin = logged_in("treasury_admin")
    Agency.objects.filter(code=CABINET).update(mode="parallel")
    page, to = f"/agencies/{CABINET}/", f"/agencies/{CABINET}/change/"
    values = {"name": "行政院", "kind": "agency", "mode": "live", "letter_no": "台庫字第1號"}

    for capacity in ("accountant", "head", "releaser"):
        card_in_force(capacity)
    User.objects.filter(username="0003010000-releaser").update(is_active=False)
    early = send(admin, page, to, **values)
    User.objects.filter(username="0003010000-releaser").update(is_active=True)
    without = send(admin, page, to, **(values | {"letter_no": ""}))

    assert early.status_code == 422 and "還不能正式實施" in early.content.decode()
    assert "已設定放行人 （尚缺）" in early.content.decode()
    assert without.status_code == 422 and "還沒有填寫正式實施的文號" in without.content.decode()


def card_in_force(capacity: str) -> None:
    """A signer's card as the books know one; what it takes to come into force is tried with the cards."""
    now = clock.now()
    card = Card.objects.create(
        user=User.objects.get(username=f"{CABINET}-{capacity}"),
        agency_code=CABINET,
        capacity=capacity,
        card_no=f"GC-{capacity}",
        issuer_kind="GCA",
        certificate=b"certificate",
        fingerprint=capacity.encode(),
        spki_sha256=capacity.encode(),
        valid_from=now,
        valid_to=now + timedelta(days=365),
        registered_at=now,
        active_from=now,
    )
    force_state(card, "active")


@pytest.mark.parametrize(("was", "to"), [("onboarding", "live"), ("live", "parallel"), ("parallel", "onboarding")])
def test_stages_follow_one_another(was: str, to: str) -> None:
    Agency.objects.filter(code=CABINET).update(mode=was)

    answer = send(
        logged_in("treasury_admin"),
        f"/agencies/{CABINET}/",
        f"/agencies/{CABINET}/change/",
        name="行政院",
        kind="agency",
        mode=to,
    )

    assert answer.status_code == 422 and "實施階段不能這樣變更" in answer.content.decode()
    assert Agency.objects.get(code=CABINET).mode == was


@pytest.mark.parametrize("code", ["0003010000", "有字", "x" * 21])
def test_a_code_that_does_not_do_is_refused(code: str) -> None:
    answer = send(logged_in("treasury_admin"), "/agencies/new/", code=code, name="x", kind="agency")

    assert answer.status_code == 422
    assert Agency.objects.count() == 2


def test_an_agencys_administrator_sees_the_own_agency_only_and_changes_nothing() -> None:
    admin = logged_in("admin", CABINET)

    assert admin.get(f"/agencies/{CABINET}/").status_code == 200
    assert admin.get(f"/agencies/{MUSEUM}/").status_code == 404
    assert admin.get("/agencies/").status_code == 403
    assert admin.post(f"/agencies/{CABINET}/change/", {"submission": "x", "name": "y"}).status_code == 403
    assert admin.post(f"/agencies/{CABINET}/addresses/", {"submission": "x", "network": "::1"}).status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few() -> None:
    admin = logged_in("treasury_admin")
    few = statements(lambda: admin.get("/agencies/"))
    Agency.objects.bulk_create(Agency(code=f"9{number:05d}", name="機關") for number in range(300))

    assert statements(lambda: admin.get("/agencies/")) == few
    assert "機關" in admin.get("/agencies/?q=9&mode=onboarding&page=2").content.decode()
