"""What the card panel and the pages of cards write."""

from django import template
from django.conf import settings

from agencies.roles import Role
from signing.card_words import SIGNER_KINDS, SIGNER_STATES
from signing.models import IssuerKind, NoticeKind
from signing.states import STATES
from treasury.core.texts import either

register = template.Library()
_NOTICES_EN = {"cert_2m": "Two months before expiry", "cert_1m": "One month before expiry"}
_ISSUERS_EN = {
    IssuerKind.GCA: "Government Certification Authority",
    IssuerKind.XCA: "Organization Certification Authority",
    IssuerKind.MOICA: "Citizen Certification Authority (MOI)",
}


@register.simple_tag
def card_agent() -> str:
    """The origin at which the card agent listens on the machine of whoever signs."""
    return str(settings.CARD_AGENT_ORIGIN)


@register.filter
def capacity_name(capacity: str) -> str:
    """The word for a capacity in which somebody signs."""
    role = Role(capacity)
    return either(str(role.label), role.title_en)


@register.filter
def card_state_name(state: str) -> str:
    """The word for the state of a card's registration."""
    return either(*STATES[state])


@register.filter
def issuer_name(kind: str) -> str:
    """The authority that issues a kind of card."""
    return either(str(IssuerKind(kind).label), _ISSUERS_EN[IssuerKind(kind)])


@register.filter
def signer_kind_name(kind: str) -> str:
    """Why a signer's application was filed."""
    return either(*SIGNER_KINDS[kind])


@register.filter
def signer_state_name(state: str) -> str:
    """How far a signer's application has come."""
    return either(*SIGNER_STATES[state])


@register.filter
def signer_state_shape(state: str) -> str:
    """The class of its tag."""
    return {"applied": "wait", "filed": "good", "revoked": "stop"}[state]


@register.filter
def notice_kind_name(kind: str) -> str:
    """How long before a card's expiry a message was made."""
    return either(str(NoticeKind(kind).label), _NOTICES_EN[kind])
