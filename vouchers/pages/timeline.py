"""Everything that happened to a voucher, told in order: who, in which role, with which card, when, why, from where."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.roles import Role, role_title
from signing import services as signing
from treasury.core.pages.timeline import Entry
from treasury.core.templatetags.epay import roc_second, step_name
from treasury.core.texts import either
from vouchers import reasons, selectors
from vouchers.acts import BEGINNING
from vouchers.models import Voucher
from vouchers.pages.nexts import SIGNATURES


@dataclass(slots=True)
class VoucherEntry(Entry):
    """One line of a voucher's timeline: at which revision, by which verb, how many like it in a row."""

    revision: int = 1
    verb: str = ""
    count: int = 1


def timeline_of(voucher: Voucher, signatures: tuple[signing.SignatureFacts, ...]) -> list[VoucherEntry]:
    """The history of a voucher with its signatures' cards and its requests for return, oldest first; two queries.

    Changes of a draft by one person one after the other are one line.
    """
    signed = {(one.revision, one.capacity): one for one in signatures}
    entries: list[VoucherEntry] = []
    revision = 1
    for act in selectors.history_of(voucher):
        if act["target"] == BEGINNING and act["source"] not in ("", BEGINNING):
            revision += 1
        entry = _entry(act, revision, signed)
        last = entries[-1] if entries else None
        if last and entry.verb == "change" == last.verb and entry.actor_name == last.actor_name:
            last.at, last.count = entry.at, last.count + 1
        else:
            entries.append(entry)
    for entry in entries:
        if entry.count > 1:
            entry.details = ngettext("共 %(count)s 次", "共 %(count)s 次", entry.count) % {"count": entry.count}
    asked = [_asked(one) for one in voucher.return_requests.all()]
    return sorted([*entries, *asked], key=lambda entry: entry.at)


def _entry(act: dict[str, Any], revision: int, signed: dict[tuple[int, str], signing.SignatureFacts]) -> VoucherEntry:
    verb = act["verb"]
    signature = signed.get((revision, SIGNATURES.get(verb, "")))
    stamped = _("時戳 %(moment)s") % {"moment": roc_second(signature.token_at)} if signature else ""
    return VoucherEntry(
        at=act["at"],
        title=step_name(verb, "voucher"),
        actor_name=_("系統") if act["actor_role"] == "system" else act["actor_name"],
        actor_role_title=_role(act["actor_role"]),
        address=act["address"],
        because=act["because"],
        card_no=signature.card_no if signature else "",
        details=_reasons(act["details__reasons"]) or stamped,
        revision=revision,
        verb=verb,
    )


def _asked(request: Any) -> VoucherEntry:
    return VoucherEntry(
        at=request.requested_at,
        title=either("申請退件", "Asked for return"),
        actor_name=request.actor_name,
        actor_role_title=_role(request.actor_role),
        address=request.address,
        because=request.because,
        revision=request.revision,
        verb="request_return",
    )


def _role(role: str) -> str:
    return role_title(role) if role in set(Role) else ""


def _reasons(codes: Any) -> str:
    """The return reasons in words."""
    known = [reasons.Reason(code) for code in codes or () if code in set(reasons.Reason)]
    return either("；", "; ").join(f"{reason.value} {either(reason.zh, reason.en)}" for reason in known)
