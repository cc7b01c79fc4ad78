"""Taking in new revocation lists from the folder into which the operator's job puts them; nothing is fetched here."""

import logging
from pathlib import Path

from django.conf import settings

from signing.services.lists import ListOutcome, lists_take
from signing.trust_models import FolderReading
from signing.trust_selectors import trust_warnings
from treasury.core import clock
from treasury.core.errors import Problem

log = logging.getLogger(__name__)


def lists_renew() -> FolderReading | None:
    """Reads `crls/` of the folder TRUST_FOLDER names and notes how that went; nothing when it names none.

    The same again changes nothing but the moment. What is refused, overdue or due soon is told to the log, as an error
    when cards cannot sign because of it: that is what an alert hangs on.
    """
    if not settings.TRUST_FOLDER:
        return None
    at = clock.now()
    outcomes: tuple[ListOutcome, ...] = ()
    code = ""
    try:
        outcomes = lists_take(folder=Path(settings.TRUST_FOLDER) / "crls", at=at)
    except Problem as problem:
        code = problem.code
    except OSError as error:
        code = "cannot_read"
        log.error("%s cannot be read: %s", settings.TRUST_FOLDER, error)
    told = {
        "read_at": at,
        "files": len(outcomes),
        "refused": sum(bool(one.code) for one in outcomes),
        "code": code,
        **({"taken_at": at} if any(one.is_taken for one in outcomes) else {}),
    }
    reading, _ = FolderReading.objects.update_or_create(folder=settings.TRUST_FOLDER, defaults=told)
    for warning in trust_warnings(at=at):
        level = logging.ERROR if warning.is_failing else logging.WARNING
        log.log(level, "trust material: %s %s %s", warning.code, warning.subject, warning.at or "")
    return reading
