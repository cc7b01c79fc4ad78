"""The page of a card and its registration: who sees which, what each may do, in both languages, without scripts."""

import base64
import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.models import Agency, User
from agencies.services import staff_provide, treasury_staff_provide
from signing import services
from signing.models import Card, CardNotice, SignerRegistration
from signing.services.notices import notices_make
from tests.agencies.pages.world import key_of, send
from tests.pages import client_of, words
from tests.signing import forge
from treasury.core.clock import ZONE
from treasury.core.parameters import profile_seed

CABINET, MUSEUM = "0003010000", "0061400000"
LETTER = "院會字第1140000001號"
TREASURER = "treasury-treasury_admin"


@pytest.fixture(autouse=True)
def people(db: None, day: datetime, trust: Path) -> None:
    """行政院, 國立臺灣美術館 and the treasury with their people, the profile, and the authorities."""
    profile_seed("nta")
    for code, name in ((CABINET, "行政院"), (MUSEUM, "國立臺灣美術館")):
        Agency.objects.create(code=code, name=name)
    staff_provide(agency_codes=[CABINET, MUSEUM])
    treasury_staff_provide()
    services.trust_import(folder=trust)


def user(role: str, agency_code: str = CABINET) -> User:
    return User.objects.get(username=f"{agency_code}-{role}")


def values(identity: forge.Identity, **given: Any) -> dict[str, Any]:
    """What the form of registration is sent with."""
    wanted = {
        "signer": f"{user('head').pk}:head",
        "card_no": "GP00003010000101",
        "pasted": identity.certificate.public_bytes(Encoding.PEM).decode(),
    }
    return {**wanted, **given}


def registered(name: str = "head", **given: Any) -> Card:
    """The head's card as their administrator registers it on the page."""
    identity = given.pop("identity", None) or forge.pki().gca.issue(name)
    answer = send(client_of(f"{CABINET}-admin"), "/cards/registered/new/", **values(identity, **given))
    assert answer.status_code == 302, words(answer)
    return Card.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def take(client: Client, card: Card, verb: str, **given: Any) -> Any:
    """Presses a button of the card's page."""
    return send(client, f"/cards/registered/{card.pk}/", f"/cards/registered/{card.pk}/{verb}/", **given)


def into_force(card: Card) -> Card:
    agency, treasury = client_of(f"{CABINET}-admin"), client_of(TREASURER)
    assert take(agency, card, "send_file").status_code == 302
    assert take(treasury, card, "receive_paper", letter_no=LETTER).status_code == 302
    assert take(treasury, card, "activate").status_code == 302
    return Card.objects.get(pk=card.pk)


def test_an_agency_registers_a_card_and_the_treasury_puts_it_into_force() -> None:
    card = registered()
    page = words(client_of(f"{CABINET}-admin").get(f"/cards/registered/{card.pk}/"))
    assert "已註冊" in page and "傳送憑證檔" in page and "報遺失" in page and "啟用 " not in page
    assert "收註冊單" not in page

    card = into_force(card)

    page = words(client_of(TREASURER).get(f"/cards/registered/{card.pk}/"))
    assert card.state == "active" and "啟用" in page and LETTER in page and "暫停使用" in page
    assert "傳送憑證檔" in page and "系統管理者" in page


@pytest.mark.parametrize("kind", ["file", "der", "base64"])
def test_the_certificate_comes_as_a_file_or_as_text(kind: str) -> None:
    identity = forge.pki().gca.issue("head")
    given: dict[str, Any] = {"pasted": ""}
    if kind == "base64":
        given["pasted"] = base64.b64encode(identity.der).decode()
    else:
        data = identity.der if kind == "der" else identity.certificate.public_bytes(Encoding.PEM)
        given["certificate"] = SimpleUploadedFile("card.cer", data)

    assert registered(identity=identity, **given).serial == f"{identity.certificate.serial_number:x}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pasted": ""}, "請選擇憑證檔，或貼上憑證內容"),
        ({"pasted": "!!!"}, "憑證格式錯誤"),
        ({"pasted": "A"}, "憑證格式錯誤"),
        ({"pasted": "-----BEGIN nothing"}, "憑證格式錯誤"),
        ({"signer": ""}, "請填寫這個欄位"),
        ({"signer": "0:head"}, "請由清單中選擇"),
        ({"since_on": "115/1/1"}, "日期"),
        ({"pasted": "", "certificate": SimpleUploadedFile("big.cer", b"0" * 20_000)}, "檔案太大"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(given: dict[str, Any], said: str) -> None:
    identity = forge.pki().gca.issue("head")

    answer = send(client_of(f"{CABINET}-admin"), "/cards/registered/new/", **values(identity, **given))

    assert answer.status_code == 422 and said in words(answer)
    assert not Card.objects.exists()


@pytest.mark.threat("card-of-other-agency")
def test_another_agency_s_card_does_not_exist_and_another_s_card_is_the_administrator_s_to_see() -> None:
    card = registered()
    addresses = [f"/cards/registered/{card.pk}/", f"/cards/registered/{card.pk}/forms/application.pdf"]
    row = SignerRegistration.objects.get(card=card)

    for address in addresses:
        for other in (f"{MUSEUM}-admin", f"{CABINET}-accountant", f"{CABINET}-clerk"):
            assert client_of(other).get(address).status_code == 404, (other, address)
        for one in (f"{CABINET}-admin", f"{CABINET}-head", TREASURER, "treasury-auditor"):
            assert client_of(one).get(address).status_code == 200, (one, address)
    assert client_of(f"{MUSEUM}-admin").get(f"/cards/signers/{row.pk}/").status_code == 404
    assert client_of(f"{CABINET}-clerk").get("/cards/signers/").status_code == 403
    assert client_of(f"{CABINET}-clerk").get("/cards/registered/new/").status_code == 403


def test_a_step_that_is_not_theirs_is_refused_and_changes_nothing() -> None:
    card = registered()
    treasury, key = client_of(TREASURER), "a-key"

    def status(client: Client, verb: str) -> int:
        address = f"/cards/registered/{card.pk}/{verb}/"
        return int(
            client.post(address, {"submission": f"{key}-{verb}", "because": "x", "letter_no": LETTER}).status_code
        )

    assert status(treasury, "send_file") == 403
    assert status(client_of("treasury-auditor"), "end") == 403
    assert status(client_of(f"{CABINET}-admin"), "activate") == status(treasury, "activate") == 422
    assert status(client_of(f"{MUSEUM}-admin"), "end") == 404
    assert status(treasury, "hold") == 422
    assert status(treasury, "nothing") == 404
    assert Card.objects.get().state == "registered"


def test_a_holder_reports_the_loss_at_once_and_reads_it_in_english() -> None:
    card = into_force(registered())
    head = client_of(f"{CABINET}-head")

    nothing_said = take(head, card, "report_loss")
    assert nothing_said.status_code == 422 and "請填寫這個欄位" in words(nothing_said)
    assert take(head, card, "report_loss", because="公務包遺失", since_on="114/3/5").status_code == 302

    page = words(client_of(f"{CABINET}-head", language="en").get(f"/cards/registered/{card.pk}/"))
    assert "Lost" in page and "公務包遺失" in page and "There is no step for you to take now." in page
    assert "114/03/05" in page
    mine = words(head.get("/cards/"))
    assert "遺失" in mine and "查看" in mine


def test_hold_and_lift_stand_with_their_times() -> None:
    card = into_force(registered())
    treasury = client_of(TREASURER)

    take(treasury, card, "hold", because="查證中")
    held = words(treasury.get(f"/cards/registered/{card.pk}/"))
    take(treasury, card, "lift_hold")
    lifted = words(treasury.get(f"/cards/registered/{card.pk}/"))

    assert "查證中" in held and "仍暫停" in held and "恢復使用" in held
    assert "仍暫停" not in lifted and "暫停使用的期間" in lifted


def test_a_renewed_card_names_the_one_it_replaces_and_an_odd_period_is_pointed_out() -> None:
    old = into_force(registered())
    again = forge.pki().gca.issue("again", on=forge.key("head"), valid=(forge.AT, forge.AT + timedelta(days=700)))

    card = registered(identity=again, card_no="GP2", replaces_id=str(old.pk), since_on="114/3/1", letter_no=LETTER)

    page = words(client_of(f"{CABINET}-admin").get(f"/cards/registered/{card.pk}/"))
    assert "沿用被換發卡片的金鑰" in page and old.card_no in page and "通常之 6 年不同" in page
    english = words(client_of(f"{CABINET}-head", language="en").get(f"/cards/registered/{card.pk}/"))
    assert "The period is not the usual one of such cards (6 years)" in english
    into_force(card)
    assert "由此卡接替" in words(client_of(TREASURER).get(f"/cards/registered/{old.pk}/"))


def test_an_expired_card_says_so() -> None:
    card = into_force(registered())
    Card.objects.filter(pk=card.pk).update(valid_to=forge.AT - timedelta(days=1))

    assert "憑證已逾期，這張卡不能再簽章" in words(client_of(f"{CABINET}-head").get(f"/cards/registered/{card.pk}/"))


def test_the_forms_open_as_pdf() -> None:
    card = registered()
    client = client_of(f"{CABINET}-admin")

    for kind in ("registration", "application", "signer"):
        answer = client.get(f"/cards/registered/{card.pk}/forms/{kind}.pdf")
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.get(f"/cards/registered/{card.pk}/forms/cheque.pdf").status_code == 404


def test_signers_are_listed_filtered_and_taken_away_and_the_gap_is_printed() -> None:
    old = into_force(registered())
    new = registered("again", card_no="GP2", replaces_id=str(old.pk), since_on="114/3/1", letter_no=LETTER)
    admin, treasury = client_of(f"{CABINET}-admin"), client_of(TREASURER)
    row = SignerRegistration.objects.get(card=new)

    shown = [new.card_no in words(admin.get(f"/cards/signers/?{one}")) for one in _FILTERS]
    rows = list(csv.DictReader(io.StringIO(treasury.get("/cards/signers/?format=csv").content.decode("utf-8-sig"))))
    gap, pdf = admin.get(f"/cards/signers/{row.pk}/"), admin.get(f"/cards/signers/{row.pk}/gap.pdf")
    file = admin.get(f"/cards/signers/{row.pk}/?format=csv")

    assert shown == [True, False, True, False, False, True]
    assert [one["卡號"] for one in rows] == [new.card_no, old.card_no]
    assert "這段期間沒有簽過憑單" in words(gap) and pdf.content[:5] == b"%PDF-" and file.status_code == 200
    assert admin.get("/cards/signers/0/").status_code == 404
    english = words(client_of(f"{CABINET}-admin", language="en").get("/cards/signers/"))
    assert "Applied for" in english and "Change" in english


_FILTERS = ("kind=change", "kind=loss", "state=applied", "state=filed", "state=revoked", "signer=機關長官")


def test_clerk_and_holder_read_banner_and_message_until_it_is_marked() -> None:
    card = into_force(registered())
    Card.objects.filter(pk=card.pk).update(valid_to=datetime(2025, 4, 1, 12, tzinfo=ZONE))
    assert notices_make(on=forge.AT.astimezone(ZONE).date()) == 2
    clerk = client_of(f"{CABINET}-clerk")

    home, english = words(clerk.get("/")), words(client_of(f"{CABINET}-head", language="en").get("/"))
    assert "的憑證卡將於 114/04/01 到期" in home and "expires on 114/04/01" in english
    assert "到期" not in words(client_of(f"{MUSEUM}-clerk").get("/")).replace("到期訊息", "")
    notice = CardNotice.objects.get(user=user("clerk"))
    page = clerk.get("/cards/notices/")
    assert "到期前一個月" in words(page)

    done = clerk.post(f"/cards/notices/{notice.pk}/read/", {"submission": key_of(page)})
    assert done.status_code == 302
    assert "將於" not in words(clerk.get("/")) and "已讀" in words(clerk.get("/cards/notices/"))
    stranger = client_of(f"{CABINET}-head").post(f"/cards/notices/{notice.pk}/read/", {"submission": "k"})
    assert stranger.status_code == 404
    assert "全部訊息" in words(client_of(f"{CABINET}-head").get("/cards/"))


def test_the_treasury_has_no_banner_and_an_expired_card_s_says_so(day: datetime) -> None:
    card = into_force(registered())
    CardNotice.objects.create(
        card=card, kind="cert_1m", user=user("head"), expires_on=day.date() - timedelta(days=1), made_at=day
    )

    assert "已於 114/03/06 到期，不能再簽章" in words(client_of(f"{CABINET}-head").get("/"))
    assert "不能再簽章" not in words(client_of(TREASURER).get("/"))


def test_many_cards_registrations_and_messages_take_as_many_queries_as_few(statements: Callable[..., int]) -> None:
    card = into_force(registered())
    admin, clerk = client_of(f"{CABINET}-admin"), client_of(f"{CABINET}-clerk")
    Card.objects.filter(pk=card.pk).update(valid_to=datetime(2025, 4, 1, 12, tzinfo=ZONE))
    notices_make(on=forge.AT.astimezone(ZONE).date())
    asked = [(admin, "/cards/signers/"), (clerk, "/cards/notices/"), (admin, "/cards/registered/new/")]
    for client, address in asked:
        client.get(address)

    few = [statements(lambda c=client, a=address: c.get(a)) for client, address in asked]  # type: ignore[misc]
    for number in range(8):
        more = into_force(registered(f"card {number}", card_no=f"GP{number}"))
        Card.objects.filter(pk=more.pk).update(valid_to=datetime(2025, 4, 1, 12, tzinfo=ZONE))
    notices_make(on=forge.AT.astimezone(ZONE).date())
    many = [statements(lambda c=client, a=address: c.get(a)) for client, address in asked]  # type: ignore[misc]

    assert many == few


def test_an_agency_does_not_go_live_without_its_cards() -> None:
    Agency.objects.filter(code=CABINET).update(mode="parallel")
    treasury = client_of(TREASURER)
    form = {"name": "行政院", "kind": "agency", "mode": "live", "letter_no": LETTER}

    refused = send(treasury, f"/agencies/{CABINET}/", f"/agencies/{CABINET}/change/", **form)

    assert refused.status_code == 422 and "機關長官之憑證卡已啟用 （尚缺）" in words(refused)
    assert Agency.objects.get(code=CABINET).mode == "parallel"
