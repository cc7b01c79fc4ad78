"""Step 7 and what belongs to it: a verified message is tied to card, person, agency, capacity and document.

The same checks are made when a signature is accepted and when the treasury receives the document, then over what was
stored and as of the moment at which it was signed.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from agencies.delegations import capacity_ground
from signing.archive import Archive
from signing.content import CAPACITIES, Head
from signing.gate import Signer
from signing.models import Card, Signature
from signing.refusals import Refused
from signing.validity import day_of

TIME_TOLERANCE: Final = timedelta(minutes=5)
TOKEN_TOLERANCE: Final = timedelta(minutes=1)


def head_check(head: Head, *, document_ref: str, revision: int, capacity: str, agency_code: str) -> None:
    """Refused `content_of_other_document` unless the content names this document, revision and capacity."""
    named = (head.document_ref, head.revision, head.capacity, head.agency_code)
    if named != (document_ref, revision, capacity, agency_code):
        raise Refused("content_of_other_document", f"{head.document_ref} r{head.revision} {head.capacity}")


def card_check(*, signer: Signer, card: Card | None, head: Head, user_id: int, archive: Archive, at: datetime) -> Card:
    """The registered card of a signer, once everything about it is in order as of a moment.

    A hold counts for what was signed in its time also when it was lifted since.
    Refused `card_unregistered`, `card_inactive`, `card_on_hold`, `card_of_other_person`, `card_of_other_agency`,
    `card_of_other_capacity`, `card_number_differs`, `issuer_kind`, `nonce_of_other_use`.
    """
    if card is None or bytes(card.fingerprint) != signer.certificate.fingerprint:
        raise Refused("card_unregistered", signer.certificate.subject)
    if card.active_from is None or at < card.active_from or (card.ended_at is not None and at >= card.ended_at):
        raise Refused("card_inactive", card.card_no)
    if any(one.from_at <= at and (one.to_at is None or at < one.to_at) for one in card.holds.all()):
        raise Refused("card_on_hold", card.card_no)
    if card.user_id != user_id:
        raise Refused("card_of_other_person", card.card_no)
    if card.agency_code != head.agency_code:
        raise Refused("card_of_other_agency", card.card_no)
    if card.capacity != head.capacity:
        raise Refused("card_of_other_capacity", card.card_no)
    if signer.message.card_number not in (None, card.card_no):
        raise Refused("card_number_differs", str(signer.message.card_number))
    if archive.issuer_kind(signer.path.issuer) != card.issuer_kind:
        raise Refused("issuer_kind", signer.path.issuer.subject)
    if signer.message.nonce not in (None, head.nonce):
        raise Refused("nonce_of_other_use", "the nonce in the message is not the content's")
    return card


def capacity_check(*, user_id: int, agency_code: str, capacity: str, at: datetime) -> str:
    """By what right a person signs in a capacity on the day of a moment: `role` or `delegation` (B-6.3).

    Refused `capacity_not_held`, `delegate_of_both` for a delegate who could sign for both certifiers that day.
    """
    ground = capacity_ground(user_id=user_id, agency_code=agency_code, capacity=capacity, on=day_of(at))
    if not ground:
        raise Refused("capacity_not_held", capacity)
    if ground == "crossed":
        raise Refused("delegate_of_both", capacity)
    return ground


def time_check(signer: Signer, at: datetime) -> None:
    """Refused `signing_time_off` when signing time and receipt are more than five minutes apart."""
    if abs(signer.message.signing_time - at) > TIME_TOLERANCE:
        raise Refused("signing_time_off", f"{signer.message.signing_time.isoformat()} / {at.isoformat()}")


def token_moment_check(*, token_at: datetime, received_at: datetime) -> None:
    """Refused `timestamp_time_off` when a token's moment and receipt are more than a minute apart."""
    if abs(token_at - received_at) > TOKEN_TOLERANCE:
        raise Refused("timestamp_time_off", f"{token_at.isoformat()} / {received_at.isoformat()}")


def distinct_check(card: Card, user_id: int, others: Sequence[Signature]) -> None:
    """Refused `signer_not_distinct` when another capacity was signed by the same person, card or public key."""
    for other in others:
        same_key = bytes(other.card.spki_sha256) == bytes(card.spki_sha256)
        if other.user_id == user_id or other.card_id == card.pk or other.card.card_no == card.card_no or same_key:
            raise Refused("signer_not_distinct", other.capacity)


def earlier_check(head: Head, others: Sequence[Signature]) -> None:
    """Refused `earlier_signatures` unless the releaser's content names the messages before it, in their order."""
    if head.capacity != "releaser":
        return
    by_capacity = {other.capacity: bytes(other.message) for other in others}
    before = [by_capacity[one] for one in CAPACITIES if one != "releaser" and one in by_capacity]
    if head.earlier != tuple(hashlib.sha256(message).hexdigest() for message in before):
        raise Refused("earlier_signatures")
