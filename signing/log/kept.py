"""A head that somebody kept against the log as it stands."""

from dataclasses import dataclass
from typing import Final

from signing.log.keys import sign_keys
from signing.log.notes import CheckKey, Checkpoint, check_key_read, note_read, note_signers
from signing.log.tree import Consistency, consistency, head_last, log_size, root_at
from signing.models import LogHead

HOLDS, NOT_SIGNED, SHORTENED, DIFFERS = "holds", "not_signed", "shortened", "differs"
# What can only mean that the past was changed: the note is signed by us and is not of this log.
BROKEN: Final = (SHORTENED, DIFFERS)


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What a kept head says, how the log stands to it, and the newest head with the proof that leads to it."""

    code: str
    kept: Checkpoint
    newest: LogHead | None = None
    proof: Consistency | None = None


def check_keys() -> list[CheckKey]:
    """Every public key that ever signed a head, and those that sign now; the oldest first."""
    rows = LogHead.objects.order_by("keys").values_list("keys", flat=True).distinct()
    lines = [line for keys in rows for line in keys.split("\n")]
    return list(dict.fromkeys([*map(check_key_read, lines), *(key.check for key in sign_keys())]))


def kept_check(note: bytes) -> KeptVerdict:
    """Judges a note that was kept: `holds`, `not_signed` (not by a key of ours), `shortened` (it had more entries than
    the log has now) or `differs` (its entries are not those of now). Problem `note_unreadable`.

    Whoever does not trust us asks `tools/verify_log.py` instead, with the same proof.
    """
    kept = note_read(note)
    newest = head_last()
    if not note_signers(note, check_keys()):
        return KeptVerdict(NOT_SIGNED, kept)
    if newest is None or kept.size > log_size():
        return KeptVerdict(SHORTENED, kept, newest)
    if root_at(kept.size) != kept.root:
        return KeptVerdict(DIFFERS, kept, newest)
    proof = consistency(old=kept.size, size=newest.size) if 0 < kept.size <= newest.size else None
    return KeptVerdict(HOLDS, kept, newest, proof)
