"""The backend Django loads by `ENGINE = "treasury.database"`."""

from typing import Any

from django.db.backends.postgresql import base

from treasury.environment import database_url, parse_database_url


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL whose address is asked for at the first connection, so that `help` or `check` start no server."""

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, with the environment's address filled in once."""
        if not self.settings_dict.get("HOST"):
            for key, value in parse_database_url(database_url()).items():
                if not self.settings_dict.get(key):
                    self.settings_dict[key] = value
        params: dict[str, Any] = super().get_connection_params()
        return params
