"""The auditors' own tool: every proof of the definition holds, everything else does not; run as they run it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.log.notes import Checkpoint, SignKey, note_make
from tests.signing.log import plain_tree

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_log.py"
KEY, OTHER = SignKey("log.example/epay", b"k" * 32), SignKey("log.example/epay", b"o" * 32)
BODIES = [json.dumps({"typ": "epay-log-day/1", "digest": f"{number:064x}"}).encode() for number in range(70)]


def _loaded() -> Any:
    spec = importlib.util.spec_from_file_location("verify_log_alone", TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALONE = _loaded()


def tool(*arguments: object) -> tuple[int, dict[str, Any]]:
    """Runs the tool in a folder without the checkout, isolated from it; returns its exit code and what it says."""
    command = [sys.executable, "-I", str(TOOL), "--json", *map(str, arguments)]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or "{}")


def head(size: int, bodies: list[bytes] = BODIES, *, key: SignKey = KEY, origin: str = KEY.name) -> bytes:
    """The note over some entries."""
    return note_make(Checkpoint(origin, size, plain_tree.root(bodies[:size])), [key])


def put(folder: Path, name: str, data: bytes | dict[str, Any]) -> Path:
    """A file of the auditor's."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def consistency(old: int, size: int, bodies: list[bytes] = BODIES) -> dict[str, Any]:
    """A proof as the server gives it."""
    return {"old": old, "size": size, "hashes": [one.hex() for one in plain_tree.proof(old, bodies[:size])]}


def inclusion(index: int, size: int) -> dict[str, Any]:
    """A proof as the server gives it."""
    hashes = [one.hex() for one in plain_tree.path(index, BODIES[:size])]
    leaf = plain_tree.root([BODIES[index]]).hex()
    return {"index": index, "size": size, "leaf_hash": leaf, "hashes": hashes, "body": BODIES[index].decode()}


@given(st.integers(1, 70), st.data())
def test_every_inclusion_proof_of_the_definition_holds_and_at_no_other_place(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    leaf, path, root = (
        plain_tree.root([BODIES[index]]),
        plain_tree.path(index, BODIES[:size]),
        plain_tree.root(BODIES[:size]),
    )

    ALONE.check_inclusion(index, size, leaf, path, root)

    for wrong in ([*path, bytes(32)], path[:-1]) if path else ([bytes(32)],):
        with pytest.raises(ALONE.Broken):
            ALONE.check_inclusion(index, size, leaf, wrong, root)
    if other != index:
        with pytest.raises(ALONE.Broken):
            ALONE.check_inclusion(other, size, leaf, path, root)


@given(st.integers(1, 70), st.data())
def test_every_consistency_proof_of_the_definition_holds_and_no_changed_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    heads = [ALONE.Head("o", count, plain_tree.root(BODIES[:count])) for count in (old, size)]
    proof = plain_tree.proof(old, BODIES[:size])

    ALONE.check_consistency(*heads, proof)

    wrong = [[*proof, bytes(32)], *([proof[:-1]] if proof else [])]
    wrong += [[*proof[:place], bytes(32), *proof[place + 1 :]] for place in range(len(proof))]
    for changed in wrong:
        with pytest.raises(ALONE.Broken):
            ALONE.check_consistency(*heads, changed)


def test_an_empty_log_begins_every_log() -> None:
    ALONE.check_consistency(ALONE.Head("o", 0, plain_tree.root([])), ALONE.Head("o", 3, bytes(32)), [])


@given(st.lists(st.integers(0, 70)))
def test_roots_of_an_exported_log_are_those_of_the_definition(sizes: list[int]) -> None:
    found, count = ALONE.roots_at(BODIES, sizes)

    assert count == 70
    assert found == {size: plain_tree.root(BODIES[:size]) for size in sizes}


def test_a_head_is_signed_by_a_key_that_is_trusted(tmp_path: Path) -> None:
    note, keys = put(tmp_path, "a.note", head(9)), put(tmp_path, "keys.txt", f"{KEY.check.line}\n".encode())

    assert tool("head", note, "--key", keys)[1]["size"] == 9
    assert tool("head", note, "--key", OTHER.check.line)[1]["code"] == "head_not_signed"


def test_the_key_of_one_log_does_not_speak_for_another(tmp_path: Path) -> None:
    stranger = SignKey("else.example/log", b"k" * 32)
    forged = put(tmp_path, "a.note", head(9, BODIES[::-1], key=stranger, origin=KEY.name))

    found = tool("head", forged, "--key", KEY.check.line, "--key", stranger.check.line)

    assert (found[0], found[1]["code"]) == (1, "head_not_signed")


@pytest.mark.parametrize(
    "proof",
    [
        {"index": 4, "size": 9, "hashes": [], "leaf_hash": "no hash"},
        {"index": 4, "size": 9, "hashes": [], "leaf_hash": "00" * 40},
        {"index": 4, "size": 9, "hashes": ["00" * 31], "body": "{}"},
        {"index": 4, "size": 9, "hashes": [7], "body": "{}"},
        {"index": 4.5, "size": 9, "hashes": [], "body": "{}"},
        {"index": True, "size": 9, "hashes": [], "body": "{}"},
        {"index": 4, "size": 9, "hashes": [], "body": ["{}"]},
        {"index": 4, "size": 9, "hashes": []},
    ],
)
def test_a_proof_of_another_form_is_no_proof(tmp_path: Path, proof: dict[str, Any]) -> None:
    note, given_proof = put(tmp_path, "a.note", head(9)), put(tmp_path, "proof.json", proof)

    code, said = tool("inclusion", given_proof, "--head", note, "--key", KEY.check.line)

    assert (code, said.get("code")) == (2, "unreadable")


def test_an_entry_that_is_no_json_is_shown_as_none(tmp_path: Path) -> None:
    bodies = [b"no json", *BODIES[:3]]
    proof = {"index": 0, "size": 4, "hashes": [one.hex() for one in plain_tree.path(0, bodies)], "body": "no json"}
    note, given_proof = put(tmp_path, "a.note", head(4, bodies)), put(tmp_path, "proof.json", proof)

    code, said = tool("inclusion", given_proof, "--head", note, "--key", KEY.check.line)

    assert (code, said["code"]) == (2, "unreadable")


def test_a_document_is_proved_to_be_in_the_log_with_its_files(tmp_path: Path) -> None:
    named = put(tmp_path, "message.p7s", b"message")
    entry = json.dumps({"typ": "x", "message_sha256": ALONE.sha(b"message").hex()}).encode()
    bodies = [*BODIES[:5], entry]
    proof = {"index": 5, "size": 6, "hashes": [one.hex() for one in plain_tree.path(5, bodies)], "body": entry.decode()}
    note, proved = put(tmp_path, "a.note", head(6, bodies)), put(tmp_path, "proof.json", proof)

    code, said = tool("inclusion", proved, "--head", note, "--key", KEY.check.line, "--file", named)

    assert (code, said["entry"]["typ"]) == (0, "x")
    stranger = put(tmp_path, "other.p7s", b"another")
    refused = tool("inclusion", proved, "--head", note, "--key", KEY.check.line, "--file", stranger)
    assert (refused[0], refused[1]["code"]) == (1, "file_not_named")


def test_a_proof_is_of_the_head_and_of_the_entry(tmp_path: Path) -> None:
    note, proof = put(tmp_path, "a.note", head(9)), put(tmp_path, "proof.json", inclusion(4, 9))
    common = ("--head", note, "--key", KEY.check.line)

    assert tool("inclusion", proof, *common)[0] == 0
    other = put(tmp_path, "entry", BODIES[3] + b"\n")
    assert tool("inclusion", proof, *common, "--entry", other)[1]["code"] == "not_included"
    another = put(tmp_path, "b.note", head(10))
    assert tool("inclusion", proof, "--head", another, "--key", KEY.check.line)[1]["code"] == "other_head"


@pytest.mark.parametrize(
    ("new", "proof", "code"),
    [
        (head(70), consistency(9, 70), "ok"),
        (
            head(70, [*BODIES[:3], b"{}", *BODIES[4:]]),
            consistency(9, 70, [*BODIES[:3], b"{}", *BODIES[4:]]),
            "past_changed",
        ),
        (head(8), None, "log_shortened"),
        (head(9, BODIES[::-1]), None, "log_forked"),
        (
            head(70, origin="else.example/log", key=SignKey("else.example/log", b"k" * 32)),
            consistency(9, 70),
            "other_log",
        ),
        (head(70), consistency(8, 70), "other_head"),
        (head(70), None, "past_changed"),
    ],
)
def test_a_newer_head_is_held_against_the_one_that_was_kept(
    tmp_path: Path, new: bytes, proof: dict[str, Any] | None, code: str
) -> None:
    kept, newer = put(tmp_path, "kept.note", head(9)), put(tmp_path, "new.note", new)
    given_proof = [put(tmp_path, "proof.json", proof)] if proof else []
    keys = ("--key", KEY.check.line, "--key", SignKey("else.example/log", b"k" * 32).check.line)

    found, said = tool("consistency", *given_proof, "--old", kept, "--new", newer, *keys)

    assert (found, said["code"]) == (0 if code == "ok" else 1, code)


def test_an_exported_log_fits_its_heads_and_the_kept_one(tmp_path: Path) -> None:
    put(tmp_path, "entries.jsonl", b"".join(body + b"\n" for body in BODIES))
    for size in (20, 70):
        put(tmp_path, f"heads/{size}.note", head(size))
    kept = put(tmp_path, "kept.note", head(33))

    code, said = tool("export", tmp_path, "--kept", kept, "--key", KEY.check.line)

    assert (code, said["size"], said["heads"], said["kept"]) == (0, 70, 3, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("head", "/nowhere", "--key", KEY.check.line),
        ("head", TOOL, "--key", KEY.check.line),
        ("head", TOOL, "--key", "no key"),
        ("head", TOOL, "--key", KEY.check.line.replace("log", "lag")),
        ("inclusion", TOOL, "--head", TOOL, "--key", KEY.check.line),
        ("export", "/nowhere", "--key", KEY.check.line),
    ],
)
def test_what_cannot_be_judged_is_said_to_be_so(arguments: tuple[object, ...]) -> None:
    code, said = tool(*arguments)

    assert (code, said["valid"], said["code"]) == (2, None, "unreadable")


def test_people_read_a_sentence(tmp_path: Path) -> None:
    note = put(tmp_path, "a.note", head(9))
    command = [sys.executable, "-I", str(TOOL), "head", str(note), "--key", KEY.check.line]

    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)

    assert done.stdout.startswith("HOLDS (ok): origin log.example/epay, size 9")


def test_the_tool_knows_nothing_of_the_server() -> None:
    text = TOOL.read_text()

    assert not any(name in text for name in ("django", "signing.", "treasury.", "from vouchers"))
