"""The page of one card: what it is, what may be done with it, its paper forms, its history (A-2.4, B-12.1)."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, may, needs, sees
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from agencies.pages.memory import memory_of
from agencies.selectors import agency_by_code
from signing.forms import FORMS, card_form
from signing.models import Card
from signing.pages.cards import ShownCard, validity_of
from signing.selectors import cards_registered
from signing.services.card_steps import card_offers, card_step_take
from signing.states import CARD
from signing.validity import period_is_usual, years_usual
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.documents import render
from treasury.core.errors import Problem
from treasury.core.texts import either

# What each step asks for; a main step is the way in, the others suspend or end.
FIELDS: Final = {
    "send_file": (),
    "receive_paper": ("letter_no",),
    "activate": (),
    "hold": ("because",),
    "lift_hold": ("because",),
    "report_loss": ("since_on", "because"),
    "end": ("because",),
}
MAIN: Final = ("send_file", "receive_paper", "activate", "lift_hold")


class StepForm(PageForm):
    """What a step of a card asks for; `verb` names it, so that each form of a page has fields of its own."""

    letter_no = forms.CharField(label=_("機關來函文號"), max_length=60)
    since_on = RocDateField(
        label=_("何時遺失"), required=False, help_text=_("例如 114/3/10；不填為現在。用於查核遺失後簽過的憑單。")
    )
    because = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, verb: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{verb}_%s", **kwargs)
        self.verb = verb
        for name in list(self.fields):
            if name not in FIELDS.get(verb, ()):
                del self.fields[name]
        if verb == "lift_hold":
            self.fields["because"].required = False

    @property
    def is_main(self) -> bool:
        """Whether the step leads on."""
        return self.verb in MAIN


@needs("")
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: its holder, its agency's administrator, and the treasury read it."""
    return _page(request, card_for_reader(actor_in(request), pk))


@require_POST
@needs("")
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Takes a step: the service asks who may."""
    actor = actor_in(request)
    row = card_for_reader(actor, pk)
    form = StepForm(request.POST, verb=verb)

    def effect(given: dict[str, Any]) -> str:
        card_step_take(card=row, verb=verb, actor=actor, **given)
        return reverse("signing:card", args=[row.pk])

    return sent(request, form, effect) or _page(request, card_for_reader(actor, pk), refused=form)


@needs("")
def form_pdf(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One of the paper forms as PDF."""
    row = card_for_reader(actor_in(request), pk)
    data = render(card_form(card=row, kind=kind))
    name = f"{row.agency_code}-{row.card_no}-{kind}.pdf"
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def card_for_reader(actor: Actor, pk: int) -> Card:
    """A card the reader may know of; Problem `not_found` (404) otherwise."""
    row = cards_registered().select_related("replaces").filter(pk=pk).first()
    is_seen = row is not None and sees(actor, row.agency_code)
    if row is None or not is_seen or not (row.user_id == actor.user_id or may(actor, "signing.view_card")):
        raise Problem("not_found", f"there is no card {pk}", status=404)
    return row


def _page(request: HttpRequest, row: Card, *, refused: StepForm | None = None) -> HttpResponse:
    actor = actor_in(request)
    offered = [
        refused if refused is not None and refused.verb == verb else StepForm(verb=verb)
        for verb in card_offers(card=row, actor=actor)
    ]
    context = {
        "one": ShownCard(row, validity_of(row)),
        "agency": agency_by_code(row.agency_code),
        "forms": [(form, _title(form.verb)) for form in offered],
        "errors": refused.error_list if refused is not None else [],
        "warning": _warning(row),
        "has_same_key": _has_same_key(row),
        "papers": [(kind, either(zh, en)) for kind, (zh, en) in FORMS.items()],
        "registrations": row.registrations.order_by("pk"),
        "holds": row.holds.all(),
        "replaced_by": row.replaced_by.order_by("pk").first(),
        "is_own": row.user_id == actor.user_id,
        "can_list": may(actor, "signing.view_card"),
        "entries": memory_of("card", row.pk),
        "today": clock.today(),
    }
    bound = [refused] if refused is not None else []
    return shown(request, "signing/card.html", context, *bound)


def _has_same_key(row: Card) -> bool:
    """Whether a card renews the one that it replaces."""
    return row.replaces is not None and bytes(row.replaces.spki_sha256) == bytes(row.spki_sha256)


def _warning(row: Card) -> str:
    """A period other than the usual one of the card's kind, in words; empty where it is usual (A-3.1)."""
    is_extension = _has_same_key(row)
    usual = years_usual(row.issuer_kind, is_extension=is_extension)
    if period_is_usual(
        issuer_kind=row.issuer_kind, valid_from=row.valid_from, valid_to=row.valid_to, is_extension=is_extension
    ):
        return ""
    years = either("、", ", ").join(str(one) for one in usual)
    return either(
        f"憑證效期與此類卡片通常之 {years} 年不同，請向發卡機構查明。",
        f"The period is not the usual one of such cards ({years} years); ask the authority that issued it.",
    )


def _title(verb: str) -> str:
    found = CARD.step(verb)
    return either(found.title_zh, found.title_en)
