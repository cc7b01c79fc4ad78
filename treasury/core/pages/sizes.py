"""How much a request may bring: more is refused before anything of it is read or put on the disk."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from treasury.core.api.problems import problem_answer
from treasury.core.errors import Problem
from treasury.core.pages.problems import problem_page
from treasury.core.strict_json import SIZE_MAX_BYTES

# The largest voucher file, and room for the form around it.
BODY_MAX_BYTES: Final = SIZE_MAX_BYTES + 1024 * 1024


class SizeMiddleware:
    """Answers 413 to a longer body, whoever sends it: a file is otherwise stored before anybody asks who it is from.

    A body without a length is read as empty by the server.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and len(length) < 12 and int(length) <= BODY_MAX_BYTES:
            return self.get_response(request)
        problem = Problem("file_too_large", "", status=413)
        return problem_answer(problem) if request.path.startswith("/api/") else problem_page(request, problem)
