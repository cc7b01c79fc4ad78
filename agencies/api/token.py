"""The token endpoint (RFC 6749, section 4.4): its answers and errors are those of OAuth 2."""

import base64
import json
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import TokenView

from agencies.pages.acting import address_of
from agencies.services.tokens import token_request_count, token_require_address
from treasury.core.api.problems import problem_answer
from treasury.core.errors import Problem
from treasury.core.rates import seconds_left


class ClientTokenView(TokenView):  # type: ignore[misc]
    """Gives a client a token, if it asks from a registered address of its agency (A-2.2)."""

    http_method_names = ("post",)

    def create_token_response(self, request: HttpRequest) -> Any:
        """The library's answer; a token that was asked for from anywhere else ends before anybody sees it."""
        url, headers, body, status = super().create_token_response(request)
        if status == 200:
            token_require_address(
                token=json.loads(body)["access_token"],
                address=address_of(request),
                path=request.path,
                method=str(request.method),
            )
        return url, headers, body, status

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The token, or why there is none; 429 before a secret is even compared, which takes its time."""
        try:
            token_request_count(client_ids=_client_ids(request), address=address_of(request))
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except Problem as problem:
            answer = problem_answer(problem)
            if problem.status == 429:
                answer["Retry-After"] = str(seconds_left())
        return answer

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tokens are asked for by POST."""
        answer = problem_answer(Problem("method_not_allowed", "", status=405))
        answer["Allow"] = "POST"
        return answer


def _client_ids(request: HttpRequest) -> set[str]:
    """Whoever the library may take for the one who asks: it reads the header first and the form where that fails."""
    named = {request.POST.get("client_id", "")}
    try:
        text = base64.b64decode(request.headers.get("Authorization", "").partition(" ")[2]).decode()
        named.add(unquote_plus(text.partition(":")[0]))
    except ValueError:
        pass  # cannot be read: by the library neither
    return {one.replace("\x00", "")[:100] for one in named} - {""}
