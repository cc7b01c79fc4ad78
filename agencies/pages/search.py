"""The search box of every page: vouchers by number, payee or amount, and whatever else the apps offer."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from agencies.pages.access import actor_in, needs
from treasury.core.pages.finders import HITS_MAX, TEXT_LENGTH, Hit, finders
from treasury.core.texts import either


@dataclass(frozen=True, slots=True)
class Group:
    """What one finder found; `more` is the address of the list with all of it, where there is more."""

    title: str
    hits: list[Hit]
    more: str


@needs("")
def search(request: HttpRequest) -> HttpResponse:
    """What was found, by kind; a single hit is opened at once. Each finder shows only what the actor may see."""
    actor = actor_in(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_LENGTH]
    groups = []
    for finder in finders() if text else ():
        hits = list(finder.find(actor, text))[:HITS_MAX]
        if hits:
            more = finder.more(actor, text) if finder.more and len(hits) == HITS_MAX else ""
            groups.append(Group(either(finder.title_zh, finder.title_en), hits, more))
    only = _only([hit for group in groups for hit in group.hits])
    if only is not None:
        return HttpResponseRedirect(only.url)
    return render(request, "agencies/search.html", {"search_text": text, "groups": groups})


def _only(hits: list[Hit]) -> Hit | None:
    return hits[0] if len(hits) == 1 else None
