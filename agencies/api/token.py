"""The token endpoint (RFC 6749, section 4.4): its answers and errors are those of OAuth 2."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.models import get_access_token_model
from oauth2_provider.views import TokenView

from agencies.api.authentication import require_address
from treasury.core.api.problems import problem_answer
from treasury.core.errors import Problem


class ClientTokenView(TokenView):  # type: ignore[misc]
    """Gives a client a token, if it asks from a registered address of its agency (A-2.2)."""

    http_method_names = ("post",)

    def create_token_response(self, request: HttpRequest) -> Any:
        """The library's answer; a token that was asked for from anywhere else ends before anybody sees it."""
        url, headers, body, status = super().create_token_response(request)
        if status == 200:
            self._require_address(request, body)
        return url, headers, body, status

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The token, or why there is none."""
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except Problem as problem:
            return problem_answer(problem)
        return answer

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Tokens are asked for by POST."""
        answer = problem_answer(Problem("method_not_allowed", "", status=405))
        answer["Allow"] = "POST"
        return answer

    def _require_address(self, request: HttpRequest, body: str) -> None:
        import hashlib
        import json

        token = json.loads(body)["access_token"]
        checksum = hashlib.sha256(token.encode()).hexdigest()
        row = get_access_token_model().objects.select_related("application").get(token_checksum=checksum)
        try:
            require_address(row.application, request)
        except Problem:
            row.delete()
            raise
