"""A Problem as a page, a fragment, an object; and the words for it."""

import json
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from tests.core.drafts import CABINET
from tests.pages import client_of, words
from treasury.core.api.problem_texts import TEXTS
from treasury.core.api.problems import title_of
from treasury.core.errors import Problem
from treasury.core.pages import wording
from treasury.core.pages.problems import ProblemMiddleware, problem_page
from treasury.core.pages.sizes import BODY_MAX_BYTES

STALE = Problem("seen_is_stale", "revision 2 was seen, 3 is there", status=409)


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    """A request as the pages get it."""

    def make(path: str = "/x/", method: str = "post", **headers: str) -> HttpRequest:
        request: HttpRequest = getattr(RequestFactory(), method)(path, headers=headers)
        return request

    return make


def test_a_page_says_what_happened_why_and_where_to_go_on(ask: Callable[..., HttpRequest]) -> None:
    response = problem_page(ask(), STALE, back_url="/vouchers/7/")

    assert response.status_code == 409
    said = words(response)
    assert "您看到的內容已經不是最新的" in said and "請看過最新內容再決定" in said
    assert "revision 2 was seen" in said and "seen_is_stale" in said
    assert '<span lang="en">revision 2' in response.content.decode()
    assert '<a class="button main" href="/vouchers/7/">' in response.content.decode()


def test_it_speaks_english(ask: Callable[..., HttpRequest]) -> None:
    with translation.override("en"):
        said = words(problem_page(ask(), STALE))

    assert "What you saw is no longer current" in said and "Home" in said


def test_a_refused_form_leads_back_to_where_it_stood_but_never_to_another_site(
    ask: Callable[..., HttpRequest],
) -> None:
    own = problem_page(ask(referer="http://testserver/vouchers/7/edit/"), STALE).content.decode()
    foreign = problem_page(ask(referer="http://testserver.example.org/x"), STALE).content.decode()

    assert 'href="/vouchers/7/edit/"' in own
    assert "回到最新的頁面" not in foreign


def test_htmx_gets_a_fragment(ask: Callable[..., HttpRequest]) -> None:
    request = ask()
    request.htmx = True  # type: ignore[attr-defined]

    page = problem_page(request, STALE).content.decode()

    assert page.startswith('<div class="notice stop" role="alert"') and "<html" not in page


def test_a_script_that_asks_for_json_gets_a_problem_object(ask: Callable[..., HttpRequest]) -> None:
    response = problem_page(ask(accept="application/json"), STALE)

    assert response.headers["Content-Type"] == "application/problem+json"
    said = json.loads(response.content)
    assert said["title"] == "您看到的內容已經不是最新的" and "再決定" in said["remedy"]
    assert said["detail"] == "revision 2 was seen, 3 is there"


@pytest.mark.parametrize("status", [403, 404])
def test_nothing_is_told_of_what_one_may_not_know(status: int, ask: Callable[..., HttpRequest]) -> None:
    problem = Problem("not_found", "voucher 7 of 0061400000", status=status)

    assert "0061400000" not in words(problem_page(ask(), problem))


def test_other_errors_are_left_to_django(ask: Callable[..., HttpRequest]) -> None:
    middleware = ProblemMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(ask(), ValueError()) is None


def test_an_address_for_forms_opened_by_hand_is_a_page(people: None) -> None:
    response = client_of(f"{CABINET}-clerk").get("/role/")

    assert response.status_code == 405 and response.headers["Allow"] == "POST"
    assert "這個網址不能直接開啟" in words(response)


def test_a_page_there_is_not_is_told_in_the_frame(people: None) -> None:
    response = client_of(f"{CABINET}-clerk").get("/no-such-page/")

    assert response.status_code == 404
    assert "找不到這個頁面" in words(response) and "行政院承辦人員" in words(response)


def test_a_form_from_before_the_login_is_refused_in_words(people: None) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login/", {"username": "x", "password": "x"})

    assert response.status_code == 403
    assert "表單已經失效" in words(response)


def test_what_breaks_is_told_in_both_languages_without_the_frame(settings: object) -> None:
    from django.views.defaults import bad_request, server_error

    broken = server_error(RequestFactory().get("/"))
    unreadable = bad_request(RequestFactory().get("/"), ValueError())

    assert (broken.status_code, unreadable.status_code) == (500, 400)
    assert "系統發生錯誤" in words(broken) and "Something went wrong" in words(broken)
    assert "The request could not be read" in words(unreadable)


@pytest.mark.parametrize("code", sorted(wording._WORDINGS))
def test_every_wording_says_what_to_do_in_both_languages(code: str) -> None:
    told = wording._WORDINGS[code]

    assert all(told) and told.remedy_zh.endswith("。") and told.remedy_en.endswith((".", "?"))
    assert not told.title_zh.endswith("。") and not told.title_en.endswith(".")


@pytest.mark.parametrize(
    ("status", "said"), [(403, "您不能做這件事"), (422, "這個動作沒有完成"), (429, "嘗試次數太多")]
)
def test_a_code_without_words_of_its_own_has_those_of_its_status(status: int, said: str) -> None:
    assert wording.title_of(Problem("nobody_knows", "x", status=status)) == said


def test_an_app_brings_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_WORDINGS", dict(wording._WORDINGS))

    wording.register({"moon_is_full": wording.Wording("滿月", "Full moon", "請等。", "Wait.")})

    assert wording.title_of(Problem("moon_is_full", "")) == "滿月"


def test_the_way_back_never_leads_to_another_server(ask: Callable[..., HttpRequest]) -> None:
    page = problem_page(ask(Referer="http://testserver//elsewhere.example/x"), STALE).content.decode()

    assert 'href="/elsewhere.example/x"' in page and "//elsewhere" not in page


@pytest.mark.parametrize(
    ("path", "kind"), [("/login/", "text/html"), ("/api/oauth2/token", "application/problem+json")]
)
def test_a_body_too_large_is_refused_before_it_is_read(client: Client, path: str, kind: str) -> None:
    answer = client.post(path, {"username": "x"}, CONTENT_LENGTH=str(BODY_MAX_BYTES + 1))

    assert answer.status_code == 413
    assert answer["Content-Type"].startswith(kind)


def test_a_code_is_said_in_one_table_by_pages_and_api() -> None:
    """Only these speak of a request where a page speaks of a form, a file, a role."""
    said_twice = {code for code in TEXTS if wording.words_of(code) is not None}

    assert said_twice == {"file_too_large", "idempotency_key_reused", "role_missing"}
    assert title_of("voucher_unknown") == ("找不到這張憑單", "There is no such voucher")
    assert title_of("bad_cursor")[0] == "游標不是本系統發給的"
    assert title_of("never_heard_of") == ("無法受理", "Never heard of")
