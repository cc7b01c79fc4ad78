"""The keys that sign heads: from the environment, or made once for the embedded servers."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from signing.log.notes import SignKey, sign_key_read
from treasury.core.errors import Problem


def sign_keys() -> tuple[SignKey, ...]:
    """Every key that signs heads now: the one of today first, then those it replaces (LOG_KEY, parted by spaces).

    Problem `bad_log_key` when one is not a key, or they have several names: the name is the origin of the log.
    """
    keys = tuple(sign_key_read(line) for line in settings.LOG_KEY.split() or [_own_key()])
    if len({key.name for key in keys}) > 1:
        raise Problem("bad_log_key", "the keys of a log have one name, its origin")
    return keys


def _own_key() -> str:
    """The key beside the books in use, made when first asked for; whoever comes first makes it, the others read it."""
    books = str(connection.settings_dict["NAME"])
    path = Path(settings.LOG_KEY_FOLDER) / books / "log.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".log.key.{secrets.token_hex(8)}")
        made.touch(mode=0o600)
        made.write_text(key_make(f"{books}.epay.localhost/{secrets.token_hex(4)}").line + "\n")
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()


def key_make(name: str) -> SignKey:
    """A new key of a name (the origin of the log it is for: a host name that is ours, a path, nothing with a plus)."""
    return SignKey(name, secrets.token_bytes(32))
