"""Whatever the API refuses it refuses in one form: problem details (RFC 9457), in both languages, place by place."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from treasury.core.api.problem_texts import TEXTS
from treasury.core.errors import Problem
from treasury.core.pages import wording

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

_CODES: Mapping[type[Exception], tuple[int, str]] = {
    exceptions.NotAuthenticated: (401, "not_authenticated"),
    exceptions.AuthenticationFailed: (401, "token_refused"),
    exceptions.PermissionDenied: (403, "scope_missing"),
    PermissionDenied: (403, "scope_missing"),
    exceptions.NotFound: (404, "not_found"),
    Http404: (404, "not_found"),
    exceptions.MethodNotAllowed: (405, "method_not_allowed"),
    exceptions.NotAcceptable: (406, "not_acceptable"),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type"),
    exceptions.Throttled: (429, "too_many_requests"),
    exceptions.ParseError: (400, "not_readable"),
    SuspiciousOperation: (400, "not_readable"),
}


def answer_of(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The answer to a request that ended in an exception; DRF calls it (`EXCEPTION_HANDLER`)."""
    if isinstance(error, Problem):
        return problem_answer(error)
    for kind, (status, code) in _CODES.items():
        if isinstance(error, kind):
            return problem_answer(Problem(code, "", status=status), headers=_headers(error))
    log.exception("an API request failed", exc_info=error)
    return problem_answer(Problem("internal", "", status=500))


def problem_answer(problem: Problem, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A problem as an HTTP answer."""
    body = json.dumps(problem_object(problem), ensure_ascii=False)
    return HttpResponse(body.encode(), status=problem.status, content_type=MEDIA_TYPE, headers=headers)


def problem_object(problem: Problem) -> dict[str, Any]:
    """The members of a problem: `type, title, title_en, status, code, detail, detail_en, errors`.

    `errors` has one object per place: `pointer, code, detail, detail_en`, of a finding also its reason and remedy.
    """
    title_zh, title_en = title_of(problem.code)
    detail_zh, detail_en = _details(problem.detail, title_zh, title_en)
    return {
        "type": f"urn:treasury-epay:problem:{problem.code}",
        "title": title_zh,
        "title_en": title_en,
        "status": problem.status,
        "code": problem.code,
        "detail": detail_zh,
        "detail_en": detail_en,
        "errors": _errors(problem, detail_zh, detail_en),
    }


def title_of(code: str) -> tuple[str, str]:
    """What a code says, in Chinese and English: of requests by `TEXTS`, all else as pages say it, or by its words."""
    words = code.replace("_", " ")
    known = wording.words_of(code)
    said = ("無法受理", words[:1].upper() + words[1:]) if known is None else (known.title_zh, known.title_en)
    return TEXTS.get(code, said)


def finding_object(finding: Any) -> dict[str, str]:
    """A finding of the rules as one of the `errors`."""
    return {
        "pointer": finding.path,
        "code": finding.rule,
        "reason": str(finding.reason),
        "detail": finding.message_zh,
        "detail_en": finding.message_en,
        "remedy": finding.remedy_zh,
        "remedy_en": finding.remedy_en,
    }


def _errors(problem: Problem, detail_zh: str, detail_en: str) -> list[dict[str, str]]:
    findings = getattr(problem, "findings", ())
    if findings:
        return [finding_object(finding) for finding in findings]
    if not problem.path:
        return []
    return [{"pointer": problem.path, "code": problem.code, "detail": detail_zh, "detail_en": detail_en}]


def _details(detail: str, title_zh: str, title_en: str) -> tuple[str, str]:
    """A detail is written in one language; in the other the title stands for it, with what it names."""
    if not detail:
        return title_zh, title_en
    is_chinese = any("一" <= character <= "鿿" for character in detail.partition("'")[0])
    return (detail, title_en) if is_chinese else (f"{title_zh}（{detail}）", detail)


def _headers(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
