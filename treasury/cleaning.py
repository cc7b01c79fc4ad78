"""What is left lying and grows: cleaned away every night, counted for the log."""

import logging
from importlib import import_module

from django.conf import settings

from agencies.services.tokens import tokens_clean
from treasury.core.rates import rates_clean
from vouchers.services.cleaning import drafts_clean, files_clean

log = logging.getLogger(__name__)


def clean() -> dict[str, int]:
    """Deletes ended tokens and sessions, counts of requests, forms whose announced day has come, files not taken in;
    returns how many of each. Sessions are counted by nobody."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    done = {
        "tokens": tokens_clean(),
        "counts": rates_clean(),
        "forms": drafts_clean(),
        "files": files_clean(),
    }
    log.info("cleaned: %s", done)
    return done
