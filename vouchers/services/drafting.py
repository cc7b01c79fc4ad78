"""Forms on their way to a voucher: saved by themselves, one version after the other, then sent."""

import hashlib
from dataclasses import asdict
from typing import Any, Final

import rfc8785
from django.conf import settings
from django.db import transaction

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.sql import fetch_value
from treasury.core.steps import authorize, took_part
from vouchers import selectors
from vouchers.drafts import DraftForm, UploadedFile
from vouchers.models import Voucher
from vouchers.services import preparation

_KEEP: Final = object()


def content_digest(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of a voucher object, whatever the order of its keys."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def draft_save(
    *, draft: DraftForm, fields: dict[str, Any], seen_version: int, actor: Actor, incoming: Any = _KEEP
) -> DraftForm:
    """Saves what was typed into a form as its next version; the same as is there already makes no new one.

    `draft` may be unsaved: the first save stores it. Problem `draft_conflict` (409) when somebody saved another
    version than the one that was seen, `too_many_drafts` for a new one beyond `DRAFTS_PER_PERSON`, 403 when the actor
    prepares no vouchers of the agency.
    """
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=draft.agency_code, earlier=())
    with transaction.atomic():
        row = _held(draft)
        if row.version != seen_version:
            raise Problem("draft_conflict", f"version {row.version} was saved by {row.saved_by}", status=409)
        unchanged = row.version and row.fields == fields and incoming is _KEEP
        if unchanged and row.fiscal_year == draft.fiscal_year and row.based_on_sha256 == draft.based_on_sha256:
            return row
        row.fields = fields
        row.fiscal_year = draft.fiscal_year
        row.based_on_sha256 = draft.based_on_sha256
        if incoming is not _KEEP:
            row.incoming = incoming
        row.number = str(fields.get("number", ""))[:20]
        row.purpose = str(fields.get("purpose", ""))[:200]
        row.version += 1
        row.saved_at, row.saved_by, row.ends_on = clock.now(), actor.name[:80], None
        row.editors = [*(one for one in row.editors if one["user_id"] != actor.user_id), asdict(actor)]
        row.save()
        return row


def draft_discard(*, draft: DraftForm, actor: Actor) -> None:
    """Throws a form away; a voucher that it was to change stays as it is."""
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=draft.agency_code, earlier=())
    DraftForm.objects.filter(pk=draft.pk).delete()


def draft_send(*, draft: DraftForm, content: dict[str, Any], seen_version: int, actor: Actor) -> Voucher:
    """Makes a voucher of a form, or changes the one it belongs to, and sends it to review: all or nothing.

    Everybody who typed in the form is remembered with the voucher, so that they do not pass on what they wrote
    themselves (C-21.11.2).
    Problem `draft_conflict` (409) when another version was saved since, `seen_is_stale` (409) when the voucher was
    changed elsewhere, those of `voucher_create`, `voucher_change` and `voucher_submit`.
    """
    with transaction.atomic():
        row = _held(draft)
        if row.version != seen_version:
            raise Problem("draft_conflict", f"version {row.version} was saved by {row.saved_by}", status=409)
        before = None if row.voucher_id is None else selectors.voucher(row.voucher_id, locked=True).content
        voucher = _voucher_of(row, content, actor)
        others = [Actor(**one) for one in row.editors if one["user_id"] != actor.user_id]
        for editor in others if before != content else ():
            took_part(voucher, "change", actor=editor)
        row.delete()
        return preparation.voucher_submit(voucher=voucher, actor=actor)


def _voucher_of(draft: DraftForm, content: dict[str, Any], actor: Actor) -> Voucher:
    if draft.voucher_id is None:
        return preparation.voucher_create(
            content=content,
            agency_code=draft.agency_code,
            fiscal_year=draft.fiscal_year,
            actor=actor,
            origin="form",
        )
    voucher = selectors.voucher(draft.voucher_id, locked=True)
    if content_digest(voucher.content) != draft.based_on_sha256:
        raise Problem("seen_is_stale", f"{voucher.reference} was changed since this form was begun", status=409)
    if voucher.content == content:
        return voucher
    return preparation.voucher_change(voucher=voucher, content=content, actor=actor)


def _held(draft: DraftForm) -> DraftForm:
    """The form as it is stored, held until the transaction ends; the unsaved one when it is new. Its key is held
    first: two first saves at once would both find it new."""
    fetch_value("SELECT pg_advisory_xact_lock(7005, hashtext(%s))", (str(draft.pk),))
    row = DraftForm.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if row is None:
        if draft.version:
            raise Problem("seen_is_stale", "this form was sent or thrown away", status=409)
        draft.version = 0
        _require_room(draft)
        return draft
    return row


def _require_room(draft: DraftForm) -> None:
    """Problem `too_many_drafts` when a person has begun as many forms as one may."""
    begun = DraftForm.objects.filter(agency_code=draft.agency_code, owner_id=draft.owner_id)
    if begun.count() >= settings.DRAFTS_PER_PERSON:
        raise Problem("too_many_drafts", "", path="/draft")


def file_keep(*, name: str, data: bytes, actor: Actor) -> UploadedFile:
    """Keeps a voucher file until it is taken in; a person has one at a time."""
    authorize(actor=actor, permission="vouchers.create_voucher", agency_code=actor.agency_code, earlier=())
    assert actor.user_id is not None
    UploadedFile.objects.filter(owner_id=actor.user_id).delete()
    return UploadedFile.objects.create(
        owner_id=actor.user_id,
        agency_code=actor.agency_code,
        name=name[-255:],
        content=data,
        uploaded_at=clock.now(),
    )
