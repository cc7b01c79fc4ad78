"""The heads of all chains tied into one digest a day."""

from datetime import date

from django.db import transaction

from treasury.core import clock
from treasury.core.sql import execute
from treasury.ledger.models import Chain, DayDigest
from treasury.ledger.seals import Head, digest_of


def day_digest(*, on: date) -> DayDigest:
    """Ties the heads of all chains into a digest that carries the one before it; nothing new, no new digest.

    A chain that is written anew afterwards, however consistently, no longer fits it.
    """
    with transaction.atomic():
        execute("LOCK TABLE ledger_daydigest IN SHARE ROW EXCLUSIVE MODE")
        last = DayDigest.objects.order_by("-pk").first()
        heads = [
            Head(chain.agency_code, chain.fiscal_year, chain.seq, bytes(chain.head).hex())
            for chain in Chain.objects.order_by("agency_code", "fiscal_year")
        ]
        if last is not None and [Head(*head) for head in last.heads] == heads:
            return last
        previous = bytes(last.digest) if last is not None else b""
        return DayDigest.objects.create(
            on=on, at=clock.now(), heads=heads, previous_digest=previous, digest=digest_of(previous, on, heads)
        )
