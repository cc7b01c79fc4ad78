"""Words for roles, kinds and stages of agencies, and for what the history calls things."""

from django import template

from agencies.models import AgencyKind, AgencyMode
from agencies.pages import memory
from agencies.roles import role_title
from treasury.core.texts import either

register = template.Library()

_MODES_EN = {AgencyMode.ONBOARDING: "Preparing", AgencyMode.PARALLEL: "Parallel test", AgencyMode.LIVE: "Live"}
_KINDS_EN = {AgencyKind.AGENCY: "Agency", AgencyKind.SCHOOL: "School", AgencyKind.COUNCIL: "Council"}
_SHAPES = {AgencyMode.ONBOARDING: "ring", AgencyMode.PARALLEL: "note", AgencyMode.LIVE: "good"}

register.filter("role_title", role_title)
register.filter("act_kind", memory.kind_title)


@register.filter
def act_title(verb: str, kind: str) -> str:
    """What was done to a kind of subject."""
    return memory.verb_title(kind, verb)


@register.filter
def mode_title(mode: str) -> str:
    """How far an agency has come."""
    return either(str(AgencyMode(mode).label), _MODES_EN[AgencyMode(mode)])


@register.filter
def mode_shape(mode: str) -> str:
    """The shape before it."""
    return _SHAPES[AgencyMode(mode)]


@register.filter
def agency_kind(kind: str) -> str:
    """What kind of agency it is."""
    return either(str(AgencyKind(kind).label), _KINDS_EN[AgencyKind(kind)])
