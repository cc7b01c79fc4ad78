"""Messages to one person that cards will expire, and the banner above every page until they are read (A-3.2)."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from agencies.pages.forms import shown
from agencies.roles import AGENCY_ROLES
from signing.services.notices import notice_read
from signing.signers import notices_of, notices_unread
from signing.templatetags.cards import capacity_name
from treasury.core import clock, roc
from treasury.core.actors import Actor
from treasury.core.pages.banners import Banner
from treasury.core.pages.listing import Listing
from treasury.core.pages.submissions import submit_once


@needs("")
def notices(request: HttpRequest) -> HttpResponse:
    """The messages to the person logged in, the newest first; those read stay."""
    listing = Listing(request, notices_of(actor_in(request).user_id or 0), name="card-notices")
    return shown(request, "signing/notices.html", {"listing": listing, "today": clock.today()})


@require_POST
@needs("")
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one message as read."""
    actor = actor_in(request)

    def effect() -> str:
        notice_read(notice_id=pk, user_id=actor.user_id)
        return reverse("signing:notices")

    return submit_once(request, effect)


def banners(actor: Actor) -> Iterator[Banner]:
    """One banner for each unread message of an agency's person."""
    if actor.role not in AGENCY_ROLES:
        return
    for one in notices_unread(actor.user_id):
        words = {
            "holder": one.card.user.display_name,
            "capacity": capacity_name(one.card.capacity),
            "day": roc.format_date(one.expires_on),
        }
        said = _("%(holder)s（%(capacity)s）的憑證卡將於 %(day)s 到期，請儘早換發並重新註冊。")
        if one.expires_on < clock.today():
            said = _("%(holder)s（%(capacity)s）的憑證卡已於 %(day)s 到期，不能再簽章。")
        shape = "stop" if one.kind == "cert_1m" else "wait"
        yield Banner(text=said % words, url=reverse("signing:notices"), link=_("查看訊息"), shape=shape)
