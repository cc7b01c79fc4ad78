"""What a client may be given a token for (RFC 6749, section 4.4)."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class ClientValidator(OAuth2Validator):  # type: ignore[misc]
    """Client credentials only, and of the scopes only those that the client was registered with."""

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kw: Any
    ) -> bool:
        """Whether the client may ask this way."""
        return grant_type == "client_credentials" and client.revoked_at is None

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Any, *args: Any, **kw: Any
    ) -> bool:
        """Whether the client may have all the scopes asked for."""
        return set(scopes) <= set(client.scopes)

    def get_default_scopes(self, client_id: str, request: Any, *args: Any, **kwargs: Any) -> list[str]:
        """All its scopes, when it names none."""
        return list(request.client.scopes)
