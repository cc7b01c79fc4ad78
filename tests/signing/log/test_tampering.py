"""The past is changed by somebody who has the database and the log's key: whoever kept yesterday's head finds out.

Triggers are off, the log is written anew from what was changed, its heads are signed anew: inside, everything fits. The
auditor has yesterday's note, the key, today's files, and `tools/verify_log.py` as a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signing.log.checking import log_faults
from signing.log.export import log_export
from signing.log.heads import head_make
from signing.log.kept import kept_check
from signing.log.notes import Checkpoint, note_make
from signing.log.sequencing import Pending, log_append
from signing.log.tree import consistency, head_last, inclusion
from signing.models import ElectronicPaymentDocument, LogEntry, LogHead
from tests.signing.conftest import by_force
from tests.signing.log.conftest import KEY, REFERENCE, copies_of, days_close
from treasury.core import clock

TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify_log.py"


def tool(*arguments: object) -> tuple[int, str]:
    """Runs the stand-alone tool, which sees nothing of the checkout; returns its exit code and the code it tells."""
    command = [sys.executable, "-I", str(TOOL), "--json", *map(str, arguments), "--key", KEY.check.line]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    return done.returncode, str(json.loads(done.stdout)["code"])


@dataclass
class Auditor:
    """Somebody who put yesterday's head aside, and asks again today."""

    kept: Path
    folder: Path

    def proved(self) -> tuple[int, str]:
        """Today's head and the proof between the two, as the treasury hands them over."""
        newest = head_last()
        assert newest is not None
        old = int(self.kept.read_text().split("\n")[1])
        note, proof = self.folder / "today.note", self.folder / "proof.json"
        note.write_bytes(bytes(newest.note))
        if old >= newest.size:
            return tool("consistency", "--old", self.kept, "--new", note)
        proof.write_text(json.dumps(consistency(old=old, size=newest.size).as_dict()))
        return tool("consistency", proof, "--old", self.kept, "--new", note)

    def exported(self) -> tuple[int, str]:
        """The whole log, as the treasury hands it over."""
        log_export(self.folder / "export")
        return tool("export", self.folder / "export", "--kept", self.kept)


@pytest.fixture
def auditor(sealed: ElectronicPaymentDocument, tmp_path: Path) -> Auditor:
    """Yesterday: three documents and two digests were logged, and an auditor kept the head."""
    copies_of(sealed, 2)
    days_close(2)
    head = head_make()
    assert head is not None
    (tmp_path / "yesterday.note").write_bytes(bytes(head.note))
    return Auditor(tmp_path / "yesterday.note", tmp_path)


def rewritten(change: Callable[[list[tuple[Any, ...]]], list[tuple[Any, ...]]]) -> None:
    """Writes the log anew from changed entries, as well as it can be done: a new day is logged and signed on top."""
    columns = "kind, source_id, ref, body"
    entries = list(LogEntry.objects.order_by("index").values_list(*columns.split(", ")))
    by_force("DELETE FROM signing_logentry")
    by_force("DELETE FROM signing_lognode")
    by_force("DELETE FROM signing_loghead")
    log_append([Pending(*row[:3], bytes(row[3])) for row in change(entries)])
    with clock.frozen(clock.now() + timedelta(days=1)):
        head_make()


def test_the_honest_log_fits_the_kept_head(auditor: Auditor) -> None:
    days_close(3)
    with clock.frozen(clock.now() + timedelta(days=1)):
        head_make()

    assert auditor.proved() == (0, "ok")
    assert auditor.exported() == (0, "ok")
    assert kept_check(auditor.kept.read_bytes()).code == "holds"


@pytest.mark.threat("log-entry-edited")
def test_an_edited_document_is_found(auditor: Auditor) -> None:
    by_force("UPDATE signing_electronicpaymentdocument SET digest = sha256('x') WHERE document_ref = %s", REFERENCE)
    days_close(1)
    digest = bytes(ElectronicPaymentDocument.objects.get(document_ref=REFERENCE).digest).hex()
    rewritten(lambda rows: [(*row[:3], _edited(bytes(row[3]), row[2], digest)) for row in rows])

    assert list(log_faults()) == []
    assert auditor.proved() == (1, "past_changed")
    assert auditor.exported() == (1, "past_changed")
    assert kept_check(auditor.kept.read_bytes()).code == "differs"


def _edited(body: bytes, ref: str, digest: str) -> bytes:
    said = json.loads(body)
    if ref == f"{REFERENCE}#1":
        said["digest"] = digest
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.threat("log-entry-deleted")
def test_a_deleted_document_is_found(auditor: Auditor) -> None:
    by_force("DELETE FROM signing_electronicpaymentdocument WHERE document_ref = %s", REFERENCE)
    days_close(1)
    rewritten(lambda rows: [row for row in rows if row[2] != f"{REFERENCE}#1"])

    assert list(log_faults()) == []
    assert auditor.proved()[0] == auditor.exported()[0] == 1


@pytest.mark.threat("log-reordered")
def test_documents_in_another_order_are_found(auditor: Auditor) -> None:
    days_close(1)
    rewritten(lambda rows: [rows[1], rows[0], *rows[2:]])

    assert list(log_faults()) == []
    assert auditor.proved() == (1, "past_changed")
    assert auditor.exported() == (1, "past_changed")


@pytest.mark.threat("log-truncated")
def test_a_log_cut_short_is_found(auditor: Auditor) -> None:
    by_force("DELETE FROM ledger_daydigest")
    rewritten(lambda rows: rows[:3])

    assert list(log_faults()) == []
    assert auditor.proved() == (1, "log_shortened")
    assert auditor.exported() == (1, "log_shortened")
    assert kept_check(auditor.kept.read_bytes()).code == "shortened"


@pytest.mark.threat("log-forked")
def test_two_logs_for_two_readers_are_found_as_soon_as_they_compare(auditor: Auditor) -> None:
    honest = LogHead.objects.get()
    other = note_make(Checkpoint(KEY.name, honest.size, bytes(32)), [KEY])
    shown_to_another = auditor.folder / "other.note"
    shown_to_another.write_bytes(other)

    assert tool("consistency", "--old", auditor.kept, "--new", shown_to_another) == (1, "log_forked")
    assert kept_check(other).code == "differs"


@pytest.mark.threat("log-head-forged")
def test_a_head_that_the_log_did_not_sign_is_refused(auditor: Auditor) -> None:
    forged = note_make(Checkpoint(KEY.name, 5, bytes(32)), [type(KEY)(KEY.name, b"z" * 32)])
    path = auditor.folder / "forged.note"
    path.write_bytes(forged)

    assert tool("head", path) == (1, "head_not_signed")
    assert kept_check(forged).code == "not_signed"


@pytest.mark.threat("log-proof-forged")
def test_a_document_that_was_not_logged_is_not_proved(auditor: Auditor) -> None:
    head = LogHead.objects.get()
    proof = inclusion(index=0, size=head.size).as_dict()
    entry = bytes(LogEntry.objects.get(index=0).body)
    (auditor.folder / "entry").write_bytes(entry)
    (auditor.folder / "false").write_bytes(entry.replace(b'"revision":1', b'"revision":2'))
    (auditor.folder / "proof.json").write_text(json.dumps(proof))
    common = ("inclusion", auditor.folder / "proof.json", "--head", auditor.kept, "--entry")

    assert tool(*common, auditor.folder / "entry") == (0, "ok")
    assert tool(*common, auditor.folder / "false") == (1, "not_included")


def test_an_empty_log_proves_nothing_but_holds_what_was_kept_of_it(sealed: ElectronicPaymentDocument) -> None:
    empty = note_make(
        Checkpoint(KEY.name, 0, bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
        [KEY],
    )

    assert kept_check(empty).code == "shortened"
    head_make()
    found = kept_check(empty)
    assert (found.code, found.proof) == ("holds", None)
