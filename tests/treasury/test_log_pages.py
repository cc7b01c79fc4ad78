"""The pages of the transparency log: heads, a head that was kept, a document's proof, what is wrong."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from signing.log.heads import head_make
from signing.log.notes import Checkpoint, SignKey, note_make
from signing.log.sequencing import log_sequence
from signing.models import LogHead
from tests.factories import CABINET, MUSEUM, Desk
from tests.pages import client_of, words
from treasury.core import clock
from vouchers.models import Voucher

KEY = SignKey("log.example/epay", b"k" * 32)


@pytest.fixture(autouse=True)
def log_key(settings: Settings) -> None:
    settings.LOG_KEY = KEY.line


@pytest.fixture
def auditor(desk: Desk) -> Client:
    """The auditor, logged in."""
    return client_of("treasury-auditor")


@pytest.fixture
def voucher(desk: Desk) -> Voucher:
    """A released voucher."""
    return desk.brought("released")


def made() -> LogHead:
    head = head_make()
    assert head is not None
    return head


def test_an_auditor_finds_heads_to_keep_with_their_tokens_and_the_keys(auditor: Client, voucher: Voucher) -> None:
    head = made()

    page = words(auditor.get("/log/"))

    assert bytes(head.root).hex() in page and KEY.check.line in page
    note, token = auditor.get(f"/log/heads/{head.size}.note"), auditor.get(f"/log/heads/{head.size}.tst")
    assert note.content == bytes(head.note) and "attachment" in note["Content-Disposition"]
    assert (token.content, token["Content-Type"]) == (bytes(head.token), "application/vnd.etsi.timestamp-token")
    assert auditor.get("/log/heads/99.note").status_code == 404
    assert bytes(head.root).hex() in auditor.get("/log/?format=csv").content.decode()


def test_a_log_without_a_head_says_when_there_will_be_one(auditor: Client) -> None:
    assert "還沒有樹頭" in words(auditor.get("/log/"))
    assert auditor.get("/log/consistency?old=1").status_code == 404


def test_a_kept_head_is_pasted_or_chosen_and_judged(auditor: Client, voucher: Voucher) -> None:
    kept = bytes(made().note)
    newest = made()

    pasted = auditor.post("/log/", {"note": kept.decode().replace("\n", "\r\n")})
    chosen = auditor.post("/log/", {"file": SimpleUploadedFile("yesterday.note", kept)})

    for page in (pasted, chosen):
        assert "日誌與您留存的樹頭一致" in words(page)
    proof = auditor.get(f"/log/consistency?old=1&size={newest.size}").json()
    assert (proof["old"], proof["size"]) == (1, newest.size)
    assert f"/log/consistency?old=1&amp;size={newest.size}" in pasted.content.decode()
    assert auditor.get("/log/consistency?old=1").json() == proof


@pytest.mark.parametrize(
    ("note", "told"),
    [
        (note_make(Checkpoint(KEY.name, 1, bytes(32)), [KEY]), "日誌與您留存的樹頭不一致"),
        (note_make(Checkpoint(KEY.name, 99, bytes(32)), [KEY]), "日誌比您留存的樹頭還短"),
        (note_make(Checkpoint(KEY.name, 1, bytes(32)), [SignKey(KEY.name, b"x" * 32)]), "這不是本日誌簽發的樹頭"),
    ],
)
def test_a_head_that_does_not_fit_is_told_as_it_is(auditor: Client, voucher: Voucher, note: bytes, told: str) -> None:
    made()

    assert told in words(auditor.post("/log/", {"note": note.decode()}))


def test_what_is_no_head_stays_in_the_form(auditor: Client) -> None:
    page = auditor.post("/log/", {"note": "hello"})

    assert page.status_code == 400
    assert "這不是樹頭檔案" in words(page) and ">hello</textarea>" in page.content.decode()


def test_a_voucher_shows_its_place_in_the_log_and_hands_out_its_proof(voucher: Voucher) -> None:
    clerk = client_of(f"{CABINET}-clerk")
    assert "放行後數分鐘內登入日誌" in words(clerk.get(f"/vouchers/{voucher.pk}/"))
    log_sequence()
    assert "當日樹頭產生後可下載" in words(clerk.get(f"/vouchers/{voucher.pk}/"))
    made()

    assert "下載納入證明" in words(clerk.get(f"/vouchers/{voucher.pk}/"))
    asked = {"document": voucher.reference, "revision": "1"}
    proof = clerk.get("/log/inclusion", asked).json()
    assert (proof["index"], json.loads(proof["body"])["document_ref"]) == (0, voucher.reference)
    assert client_of(f"{MUSEUM}-clerk").get("/log/inclusion", asked).status_code == 404
    assert client_of("treasury-auditor").get("/log/inclusion", {"document": voucher.reference}).json() == proof


def test_a_draft_says_nothing_of_the_log(desk: Desk) -> None:
    draft = desk.draft()

    assert "透明日誌" not in words(client_of(f"{CABINET}-clerk").get(f"/vouchers/{draft.pk}/"))


def test_what_is_wrong_stands_on_the_page_and_on_home_of_those_who_watch(voucher: Voucher) -> None:
    with clock.frozen(clock.now() + timedelta(days=2)):
        for path in ("/log/", "/"):
            page = words(client_of("treasury-supervisor").get(path))
            assert "有電子支付文件未登入透明日誌" in page and "每日樹頭未產生" in page
        assert "未登入透明日誌" not in words(client_of(f"{CABINET}-clerk").get("/"))


def test_who_does_not_watch_the_log_is_not_let_in(desk: Desk) -> None:
    assert client_of(f"{CABINET}-clerk").get("/log/").status_code == 403
