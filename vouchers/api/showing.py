"""Vouchers as the API shows them, with the entity tag that a change has to name."""

from collections.abc import Sequence
from typing import Any

from agencies.duty import ROLE_PERMISSIONS
from treasury.core.actors import Actor
from vouchers import selectors
from vouchers.models import Voucher
from vouchers.services.agency_steps import AGENCY_STEPS

# What an accounting system may do with a voucher besides changing it: steps of the machine, by their names.
VERBS = ("submit", "withdraw", "cancel", "correct", "request_return")


def voucher_object(row: Voucher, actor: Actor) -> dict[str, Any]:
    """A voucher with its content and the steps that its state lets the actor's role take."""
    tag = tags_of([row])[row.pk]
    return {**_head(row, tag), "actions": _actions(row, actor), "content": row.content}


def voucher_heads(rows: Sequence[Voucher]) -> list[dict[str, Any]]:
    """Vouchers without their content; one query for all their tags."""
    tags = tags_of(rows)
    return [_head(row, tags[row.pk]) for row in rows]


def tags_of(rows: Sequence[Voucher]) -> dict[int, str]:
    """The entity tag of each voucher: revision, state and the last step taken with it, so every change has another."""
    last = selectors.last_steps([row.pk for row in rows])
    return {row.pk: f'"{row.revision}-{row.state}-{last.get(row.pk, 0)}"' for row in rows}


def _head(row: Voucher, tag: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "agency_code": row.agency_code,
        "fiscal_year": row.fiscal_year,
        "number": row.number,
        "revision": row.revision,
        "kind": row.kind,
        "state": row.state,
        "purpose": row.purpose,
        "total_twd": row.total_twd,
        "payee_count": row.payee_count,
        "issue_date": row.issue_on.isoformat(),
        "payable_date": row.payable_on.isoformat(),
        "origin": row.origin,
        "created_at": row.created_at.isoformat(),
        "etag": tag,
    }


def _actions(row: Voucher, actor: Actor) -> list[str]:
    found = [verb for verb in VERBS if row.state in AGENCY_STEPS[verb].sources]
    allowed = [verb for verb in found if actor.role in ROLE_PERMISSIONS.get(AGENCY_STEPS[verb].permission, ())]
    return ["change", *allowed] if row.state == "draft" else allowed
