"""Sessions that end when nobody is there: a page that refreshes itself is no sign of life."""

from typing import Final

from django.contrib.sessions import middleware
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

# What `components/live.html` sends with every refresh that nobody asked for.
POLL_HEADER: Final = "X-Poll"


def is_poll(request: HttpRequest) -> bool:
    """Whether a page asks for itself anew by the clock, not by a person's hand."""
    return request.method == "GET" and POLL_HEADER in request.headers


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, except that a poll leaves the session as it is: neither its end nor its cookie moves.

    A session that ended meanwhile is ended for a poll as well.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer, with the session stored and prolonged unless it answers a poll."""
        if is_poll(request) and not request.session.is_empty():
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)


def login_wanted(address: str) -> HttpResponse:
    """What htmx is told when nobody is logged in any more: go to the login page, all of the window."""
    return HttpResponse(status=401, headers={"HX-Redirect": address})
