"""`log`: the transparency log on the command line, for operators and auditors."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from signing.api.log import head_object
from signing.log.export import log_export
from signing.log.heads import head_make
from signing.log.kept import BROKEN, check_keys, kept_check
from signing.log.keys import key_make
from signing.log.reading import document_entry
from signing.log.tree import consistency, entry_at, head_newest, head_of, inclusion
from signing.log.words import VERDICTS
from signing.models import LogHead
from treasury.core.errors import Problem
from treasury.core.whole import whole_of
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """Heads, proofs, an export, and the judgement of a head that was kept."""

    help = "The transparency log: head, inclusion, consistency, check, export, key."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=sorted(_ACTIONS), help="what to print or do")
        parser.add_argument("subject", nargs="?", default="", help="of inclusion: agency/year/number, or a place")
        parser.add_argument("--size", type=int, help="of the head (default: the newest)")
        parser.add_argument("--make", action="store_true", help="of head: make one now")
        parser.add_argument("--revision", type=int, help="of inclusion (default: the newest that was sealed)")
        parser.add_argument("--old", type=int, help="of consistency: the size of the older head")
        parser.add_argument("--kept", type=Path, metavar="NOTE", help="of check: a note that was kept")
        parser.add_argument("--out", type=Path, metavar="DIR", help="of export: the folder to write")
        parser.add_argument("--name", default="", help="of key: the origin of a new key")

    def run(self, **options: Any) -> int:
        self.is_json = bool(options["json"])
        return _ACTIONS[options["action"]](self, options)

    def tell(self, **answer: Any) -> None:
        """One JSON object: in one line, or to be read by people."""
        if self.is_json:
            self.line(**answer)
        else:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def _head(command: Command, options: dict[str, Any]) -> int:
    head = head_make() if options["make"] else _head_wanted(options)
    if head is None:
        raise Problem("log_size_unknown", "the log is empty", status=404)
    if command.is_json:
        command.line(**head_object(head))
    else:
        command.stdout.write(bytes(head.note).decode(), ending="")
    return DONE


def _inclusion(command: Command, options: dict[str, Any]) -> int:
    subject = options["subject"]
    place = whole_of(subject, digits=18)
    entry = entry_at(place) if place >= 0 else document_entry(document_ref=subject, revision=options["revision"])
    head = _head_wanted(options)
    proof = inclusion(index=entry.index, size=head.size)
    command.tell(**proof.as_dict(), body=bytes(entry.body).decode(), note=bytes(head.note).decode())
    return DONE


def _consistency(command: Command, options: dict[str, Any]) -> int:
    head = _head_wanted(options)
    proof = consistency(old=options["old"] or 0, size=head.size)
    command.tell(**proof.as_dict(), note=bytes(head.note).decode())
    return DONE


def _check(command: Command, options: dict[str, Any]) -> int:
    if options["kept"] is None:
        raise Problem("bad_arguments", "check needs --kept NOTE")
    found = kept_check(options["kept"].read_bytes())
    words = VERDICTS[found.code]
    command.tell(code=found.code, size=found.kept.size, title=words.title_zh, title_en=words.title_en)
    return FINDINGS if found.code in (*BROKEN, "not_signed") else DONE


def _export(command: Command, options: dict[str, Any]) -> int:
    if options["out"] is None:
        raise Problem("bad_arguments", "export needs --out DIR")
    command.tell(**log_export(options["out"]), out=str(options["out"]))
    return DONE


def _key(command: Command, options: dict[str, Any]) -> int:
    """With a name: a new key, to be kept secret. Without one: the public keys, for auditors."""
    if options["name"]:
        key = key_make(options["name"])
        command.tell(secret=key.line, public=key.check.line)
    else:
        command.tell(public=[key.line for key in check_keys()])
    return DONE


def _head_wanted(options: dict[str, Any]) -> LogHead:
    return head_newest() if options["size"] is None else head_of(options["size"])


_ACTIONS: dict[str, Callable[[Command, dict[str, Any]], int]] = {
    "head": _head,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "check": _check,
    "export": _export,
    "key": _key,
}
