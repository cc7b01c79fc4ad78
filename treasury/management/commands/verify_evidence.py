"""`verify_evidence FILE`: checks one payment's evidence from the file and pinned anchors alone."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from signing.archive import anchors_named
from signing.certificates import certificates_load, fingerprints_of
from signing.evidence.examination import Examination, Finding, Pinned
from signing.log.notes import CheckKey, check_key_read, sign_key_read
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """Offline: no database, no network. Exit 0 when everything holds, 1 when something does not."""

    help = "Checks the evidence of a voucher offline, from the file, pinned anchors and the log's key alone."
    takes_books = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--anchors", type=Path, metavar="DIR", help="root certificates that are trusted")
        parser.add_argument(
            "--pin", action="append", metavar="HEX", help="SHA-256 of a trusted root; TRUST_ANCHORS when left out"
        )
        parser.add_argument(
            "--log-key", action="append", metavar="K", help="a key of the log or its file; LOG_KEY's when left out"
        )
        parser.add_argument("--without-log", action="store_true", help="exported before the first head over it")
        parser.add_argument("--at", metavar="TIME", help="judge as of this moment instead of now (ISO 8601)")

    def run(self, **options: Any) -> int:
        pinned = Pinned(
            anchors=_anchors(options["anchors"]),
            fingerprints=_fingerprints(options["pin"]),
            keys=() if options["without_log"] else _keys(options["log_key"]),
        )
        if not pinned.anchors and not pinned.fingerprints:
            raise Problem("no_anchors", "name what is trusted: --anchors, --pin or TRUST_ANCHORS")
        if not pinned.keys and not options["without_log"]:
            raise Problem("no_log_key", "name the log's key: --log-key or LOG_KEY; or say --without-log")
        examination = Examination(_read(options["file"]), pinned, _moment(options["at"]))
        for finding in examination.run():
            self._tell(finding, as_json=options["json"])
        if options["json"]:
            self.line(valid=examination.holds)
        else:
            self.stdout.write("HOLDS" if examination.holds else "DOES NOT HOLD")
        return DONE if examination.holds else FINDINGS

    def _tell(self, one: Finding, *, as_json: bool) -> None:
        if as_json:
            self.line(**one.as_dict())
            return
        name = " ".join(filter(None, (one.check, one.about)))
        self.stdout.write(f"ok   {name}" if one.ok else f"FAIL {name} ({one.code}): {one.detail}")


def _anchors(folder: Path | None) -> tuple[Any, ...]:
    return tuple(facts for _, facts in certificates_load(folder)) if folder is not None else ()


def _fingerprints(pins: list[str] | None) -> frozenset[str]:
    return anchors_named() if pins is None else fingerprints_of(pins) - {""}


def _keys(given: list[str] | None) -> tuple[CheckKey, ...]:
    """The keys named, each in itself or by a file; those of LOG_KEY otherwise."""
    if given is None:
        return tuple(sign_key_read(line).check for line in settings.LOG_KEY.split())
    lines = [line for one in given for line in (_read(Path(one)).decode().split() if "+" not in one else [one])]
    return tuple(check_key_read(line) for line in lines)


def _moment(text: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(text) if text else clock.now()
    except ValueError as error:
        raise Problem("bad_arguments", f"--at: {error}") from None
    return at if at.tzinfo else at.replace(tzinfo=clock.ZONE)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem("cannot_read", str(error.strerror), file=str(path)) from None
