"""A Problem that no page has caught itself becomes a page, for htmx a fragment, for scripts an object."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from treasury.core.errors import Problem
from treasury.core.pages import wording

# The API says everything itself.
_OF_OTHERS: Final = ("/api/", "/admin/")


class ProblemMiddleware:
    """Turns a Problem raised by a view into `problem.html`; the API has its own handler.

    An address that takes only forms, opened by hand, gets a page as well instead of nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not request.path.startswith(_OF_OTHERS):
            page = problem_page(request, Problem("form_only", "", status=405))
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a Problem; anything else is left to Django."""
        if not isinstance(exception, Problem):
            return None
        return problem_page(request, exception)


def problem_page(request: HttpRequest, problem: Problem, *, back_url: str = "") -> HttpResponse:
    """What was refused, why, and what to do: a page, a fragment for htmx, a problem object where JSON is asked for.

    `back_url` is where the fresh state of the thing stands; a conflict otherwise leads back to where the form was.
    """
    if _wants_json(request):
        words = {"title": wording.title_of(problem), "remedy": wording.remedy_of(problem)}
        body = problem.as_dict() | words | {"detail": wording.detail_of(problem)}
        return JsonResponse(body, status=problem.status, content_type="application/problem+json")
    is_fragment = bool(getattr(request, "htmx", False))
    template = "components/problem.html" if is_fragment else "problem.html"
    context = {"problem": problem, "back_url": back_url or _form_url(request, problem)}
    return render(request, template, context, status=problem.status)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "json" in accepted and "text/html" not in accepted


def _form_url(request: HttpRequest, problem: Problem) -> str:
    """The page the form was on, where opening it again shows what is true now."""
    if request.method != "POST" or problem.status in (403, 404):
        return ""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    # Two slashes at its beginning would name another server.
    return f"/{referer.removeprefix(own).lstrip('/')}" if referer.startswith(own) else ""
