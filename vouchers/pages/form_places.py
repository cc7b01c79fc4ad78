"""Which form an address speaks of, and whether it may still be filled in."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from agencies.pages.access import actor_in, require_sees
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.roc import fiscal_year, format_date
from treasury.core.whole import whole_of
from vouchers import draft_selectors, selectors
from vouchers.drafts import DraftForm
from vouchers.models import Voucher
from vouchers.pages.form_fields import SUGGESTED, fields_of
from vouchers.services.drafting import content_digest

VOUCHER: Final = "voucher"


def draft_at(request: HttpRequest, key: UUID) -> DraftForm:
    """The form of a key as it was saved, or a new one; Problem `not_found` (404) for another agency's, `seen_is_stale`
    (409) when its voucher is no draft any more."""
    actor = actor_in(request)
    draft = draft_selectors.draft_form(key)
    if draft is None:
        named = whole_of(request.POST.get(VOUCHER, "") or request.GET.get(VOUCHER, ""), digits=18)
        draft = _new(request, key) if named < 0 else _of_voucher(request, key, named)
    require_sees(actor, draft.agency_code, f"form {key}")
    if draft.voucher is not None:
        require_draft(draft.voucher)
    return draft


def key_of(voucher: Voucher) -> UUID:
    """The key of the form that changes a voucher in its revision, the same for everybody who may see the voucher.

    Nobody else can work it out: whoever could, would save a form of their own under it and shut the agency out.
    """
    digest = salted_hmac("vouchers.form", f"{voucher.pk}:{voucher.revision}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def own_voucher(request: HttpRequest, pk: int) -> Voucher:
    """A voucher of the actor's agency; Problem 404 for any other."""
    voucher = selectors.voucher(pk)
    require_sees(actor_in(request), voucher.agency_code, f"voucher {pk}")
    return voucher


def require_draft(voucher: Voucher) -> None:
    """Problem `seen_is_stale` (409) for a voucher that is no draft (any more)."""
    if voucher.state != "draft":
        raise Problem(
            "seen_is_stale",
            _("憑單 %(reference)s 已不在編輯中，不能再以表單修改") % {"reference": voucher.reference},
            status=409,
        )


def address_of(draft: DraftForm) -> str:
    """Where a form stands; one that was not saved yet names its voucher."""
    address = reverse("vouchers:draft", args=[draft.key])
    is_new_change = draft.voucher_id is not None and not draft.version
    return f"{address}?{VOUCHER}={draft.voucher_id}" if is_new_change else address


def begun(
    request: HttpRequest, *, key: UUID, fields: dict[str, object], year: int, voucher: Voucher | None = None
) -> DraftForm:
    """An unsaved form of the actor's agency."""
    actor = actor_in(request)
    assert actor.user_id is not None
    return DraftForm(
        key=key,
        agency_code=actor.agency_code,
        fiscal_year=year,
        owner_id=actor.user_id,
        voucher=voucher,
        based_on_sha256="" if voucher is None else content_digest(voucher.content),
        version=0,
        fields=fields,
        saved_at=clock.now(),
        saved_by=actor.name,
    )


def suggested_number(request: HttpRequest, *, year: int, kind: str) -> str:
    """The next free number of a kind."""
    agency_code = actor_in(request).agency_code
    return draft_selectors.number_next(agency_code=agency_code, fiscal_year=year, kind=kind, on=clock.today())


def _new(request: HttpRequest, key: UUID) -> DraftForm:
    today = clock.today()
    year = fiscal_year(today)
    number = suggested_number(request, year=year, kind="payment")
    fields: dict[str, object] = {
        "kind": "payment",
        "method": "remittance",
        "gate": "current",
        "issue_date": format_date(today),
        "number": number,
        SUGGESTED: number,
    }
    return begun(request, key=key, fields=fields, year=year)


def _of_voucher(request: HttpRequest, key: UUID, pk: int) -> DraftForm:
    voucher = own_voucher(request, pk)
    if key_of(voucher) != key:
        raise Problem(
            "seen_is_stale",
            _("憑單 %(reference)s 已另有新的修正次別") % {"reference": voucher.reference},
            status=409,
        )
    fields = fields_of(voucher.content)
    return begun(request, key=key, fields=fields, year=voucher.fiscal_year, voucher=voucher)
