"""Notes and keys, as the form has them and in every other form."""

import base64
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from signing.log.notes import CheckKey, Checkpoint, SignKey, check_key_read, note_make, note_read, note_signers
from signing.log.notes import sign_key_read as read
from treasury.core.errors import Problem

KEY, OTHER = SignKey("treasury.example/log", b"s" * 32), SignKey("treasury.example/log", b"t" * 32)
HEAD = Checkpoint("treasury.example/log", 1234, sha256(b"root").digest())
NOTE = note_make(HEAD, [KEY])


def test_a_note_is_three_lines_an_empty_one_and_its_signatures() -> None:
    lines = note_make(HEAD, [KEY, OTHER]).decode().split("\n")

    assert lines[:4] == ["treasury.example/log", "1234", base64.b64encode(HEAD.root).decode(), ""]
    assert [line.rpartition(" ")[0] for line in lines[4:6]] == ["— treasury.example/log"] * 2
    assert lines[6:] == [""]


def test_a_note_is_read_back_and_names_its_signers() -> None:
    assert note_read(NOTE) == HEAD
    assert note_signers(NOTE, [OTHER.check, KEY.check]) == [KEY.check]
    assert note_signers(note_make(HEAD, [KEY, OTHER]), [OTHER.check]) == [OTHER.check]


def test_the_key_of_one_log_does_not_speak_for_another() -> None:
    stranger = SignKey("else.example/log", b"s" * 32)

    assert note_signers(note_make(HEAD, [stranger]), [stranger.check, KEY.check]) == []


def test_a_signature_is_one_that_openssl_takes(tmp_path: Path) -> None:
    public = bytes.fromhex("302a300506032b6570032100") + KEY.check.public
    signature = base64.b64decode(NOTE.decode().rstrip("\n").rpartition(" ")[2])[4:]
    for name, part in (("key", public), ("signature", signature), ("text", HEAD.text.encode())):
        (tmp_path / name).write_bytes(part)

    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key",
        "-rawin",
        "-in",
        "text",
        "-sigfile",
        "signature",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stdout


def test_a_note_changed_in_any_byte_has_no_signer_or_is_none() -> None:
    for place in range(0, len(NOTE), 3):
        changed = bytearray(NOTE)
        changed[place] ^= 1
        try:
            assert note_signers(bytes(changed), [KEY.check]) == []
        except Problem as problem:
            assert problem.code == "note_unreadable"


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\xff",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"1234", b"01234"),
        NOTE.replace(b"1234", b"-1"),
        NOTE.replace(b"treasury.example/log\n1234", b"treasury example\n1234"),
        NOTE.replace(b"\n\n", b"\nextension\n\n"),
        NOTE.replace("— ".encode(), b"- "),
        Checkpoint("a", 1, b"short").text.encode() + b"\n" + KEY.sign("").encode(),
        NOTE * 100,
    ],
)
def test_what_is_no_note_is_refused(note: bytes) -> None:
    with pytest.raises(Problem) as refused:
        note_read(note)

    assert refused.value.code == "note_unreadable"


def test_keys_are_lines_that_are_read_back() -> None:
    assert read(KEY.line) == KEY
    assert check_key_read(KEY.check.line) == KEY.check
    assert KEY.check.line.startswith(f"treasury.example/log+{KEY.check.number.hex()}+")


@pytest.mark.parametrize(
    "line",
    [
        "",
        KEY.check.line,
        KEY.line.replace("treasury", "other"),
        KEY.line[:-4],
        "PRIVATE+KEY+a b+00000000+" + base64.b64encode(b"\x01" + b"s" * 32).decode(),
        "PRIVATE+KEY+a+00000000+" + base64.b64encode(b"\x02" + b"s" * 32).decode(),
        "PRIVATE+KEY+a+zz+zz",
    ],
)
def test_a_line_that_is_no_key_is_refused_without_telling_it(line: str) -> None:
    with pytest.raises(Problem) as refused:
        read(line)

    assert refused.value.code == "bad_log_key"
    assert not line or line not in refused.value.detail


def test_a_public_key_under_another_name_is_refused() -> None:
    with pytest.raises(Problem):
        check_key_read(CheckKey("other", KEY.check.public).line.replace("other", "third"))
