"""The log on other pages: a document's place in it on the voucher's, what is wrong with it on home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from agencies.pages.access import may
from signing.log.reading import document_place
from signing.pages.log import alarms_shown
from treasury.core.actors import Actor
from treasury.core.pages.panels import Panel, register

if TYPE_CHECKING:
    from signing.log.reading import Place

_WATCHED_BY: Final = "signing.view_log"


def panels_register() -> None:
    """Has the pages of a voucher and home ask for these panels; called by the app's `ready`."""
    register("voucher", document_panel)
    register("home", alarms_panel)


def document_panel(voucher: Any, actor: Actor) -> Panel | None:
    """Where the sealed document of a voucher's revision stands in the log, and its proof; None before it is sealed."""
    place: Place | None = document_place(document_ref=voucher.reference, revision=voucher.revision)
    if place is None:
        return None
    return Panel("log", _("透明日誌"), "signing/panels/document.html", {"place": place})


def alarms_panel(subject: Any, actor: Actor) -> Panel | None:
    """What is wrong with the log, for those who watch it; None when all is well."""
    alarms = alarms_shown() if may(actor, _WATCHED_BY) else []
    return Panel("log", _("透明日誌"), "signing/panels/alarms.html", {"alarms": alarms}) if alarms else None
