"""A Problem that no page has caught itself becomes a page (or a fragment for htmx) with its status."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from treasury.core.errors import Problem


class ProblemMiddleware:
    """Turns a Problem raised by a view into `problem.html`; the API has its own handler."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a Problem; anything else is left to Django."""
        if not isinstance(exception, Problem):
            return None
        return problem_page(request, exception)


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The page (for htmx the fragment) that says what was refused, why, and where to go on."""
    is_fragment = bool(getattr(request, "htmx", False))
    template = "components/problem.html" if is_fragment else "problem.html"
    return render(request, template, {"problem": problem}, status=problem.status)
