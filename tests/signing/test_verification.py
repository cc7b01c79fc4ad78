"""Verifying from files: signatures and paths, one or many."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from signing.verification import Verifier, batch_read
from tests.signing import forge
from tests.signing.large_lists import list_made
from treasury.core import clock
from treasury.core.errors import Problem

CONTENT = b"any content\n"
AT = "2025-03-07T02:00:00Z"


@pytest.fixture
def case(tmp_path: Path) -> dict[str, Any]:
    """A good signature with everything it needs, in files."""
    pki = forge.pki()
    signer = pki.gca.issue("楊主計")
    for folder in ("trust", "crls"):
        (tmp_path / folder).mkdir()
    bundle = b"".join(one.certificate.public_bytes(serialization.Encoding.PEM) for one in (pki.root, pki.gca))
    (tmp_path / "trust" / "bundle.pem").write_bytes(bundle)
    for name, one in (("root", pki.root), ("gca", pki.gca)):
        (tmp_path / "crls" / f"{name}.crl").write_bytes(one.crl())
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "signature").write_bytes(forge.message(signer, CONTENT))
    (tmp_path / "signer.crt").write_bytes(signer.der)
    names = ("content", "signature", "trust", "crls")
    return {"at": AT, **{name: str(tmp_path / name) for name in names}}


def path_case(case: dict[str, Any], **given: Any) -> dict[str, Any]:
    folder = Path(case["trust"]).parent
    wanted = {"certificate": folder / "signer.crt", "trust": case["trust"], "intermediates": case["trust"]}
    return {**wanted, "crls": case["crls"], "at": AT, **given}


def test_a_good_signature_names_its_signer(case: dict[str, Any]) -> None:
    found = Verifier().signature(case).as_dict()

    assert (found["valid"], found["code"]) == (True, "ok")
    assert found["signer"]["subject"] == "CN=楊主計,C=TW"
    assert found["signing_time"] == "2025-03-07T02:00:00+00:00"


@pytest.mark.parametrize(
    ("policy", "code"), [(forge.CLASS_3, "ok"), ([forge.CLASS_3, "1.2.3"], "ok"), ("1.2.3", "policy_missing")]
)
def test_a_policy_is_demanded_when_named(case: dict[str, Any], policy: Any, code: str) -> None:
    assert Verifier().signature({**case, "policy": policy}).code == code


def test_a_refusal_has_its_code(case: dict[str, Any]) -> None:
    Path(case["content"]).write_bytes(CONTENT + b" ")

    found = Verifier().signature(case)

    assert (found.valid, found.code) == (False, "digest_differs")
    assert found.as_dict() == {"valid": False, "code": found.code, "detail": found.detail}


def test_without_a_moment_it_is_now_and_without_an_offset_it_is_taipei(case: dict[str, Any]) -> None:
    case.pop("at")

    with clock.frozen(forge.AT):
        assert Verifier().signature(case).valid
    assert Verifier().signature({**case, "at": "2025-03-07T10:00:00"}).valid
    assert Verifier().signature({**case, "at": "2026-03-07T10:00:00"}).code == "crl_stale"


def test_a_path_is_judged_with_its_policies(case: dict[str, Any]) -> None:
    verifier = Verifier()

    assert verifier.path(path_case(case)).as_dict()["policies"] == [forge.CLASS_3]
    assert verifier.path(path_case(case, policy="1.2.3")).valid
    assert verifier.path(path_case(case, policy="1.2.3", explicit_policy=True)).code == "policy_missing"
    assert verifier.path(path_case(case, inhibit_any=True, inhibit_mapping=True)).valid
    assert verifier.path(path_case(case, certificate=case["content"])).code == "certificate_malformed"


def test_a_self_signed_certificate_among_the_intermediates_is_no_anchor(case: dict[str, Any], tmp_path: Path) -> None:
    stray = forge.root("stray")
    assert isinstance(stray, forge.Authority)
    folder = tmp_path / "intermediates"
    folder.mkdir()
    (folder / "stray.crt").write_bytes(stray.der)
    (Path(case["crls"]) / "stray.crl").write_bytes(stray.crl())
    certificate = tmp_path / "stray's.crt"
    certificate.write_bytes(stray.issue("stray's").der)

    found = Verifier().path(path_case(case, certificate=certificate, intermediates=folder))

    assert found.code == "untrusted"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"content": "/nowhere"}, "cannot_read"),
        ({"content": "a\0b"}, "cannot_read"),
        ({"content": "/tmp"}, "cannot_read"),
        ({"content": "/dev/zero"}, "cannot_read"),
        ({"content": ["x"]}, "bad_case"),
        ({"trust": "x" * 5000}, "cannot_read"),
        ({"crls": "/dev/null"}, "no_such_folder"),
        ({"at": "0001-01-01T00:00:00+00:00"}, "bad_case"),
        ({"at": "9999-12-31T23:59:59+00:00"}, "bad_case"),
        ({"trust": "/nowhere"}, "no_such_folder"),
        ({"at": "yesterday"}, "bad_case"),
        ({"policy": 3}, "bad_case"),
        ({"policy": [3]}, "bad_case"),
        ({"wrong": 1}, "bad_case"),
    ],
)
def test_a_case_that_cannot_be_run_is_a_problem(
    case: dict[str, Any], given: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signing.verification.FILE_MAX_BYTES", 100_000)
    with pytest.raises(Problem) as problem:
        Verifier().signature({**case, **given})

    assert problem.value.code == code


def test_flags_are_true_or_false(case: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        Verifier().path(path_case(case, explicit_policy="yes"))
    with pytest.raises(Problem):
        Verifier().path({"certificate": "x"})


def test_folders_are_read_once(case: dict[str, Any], tmp_path: Path) -> None:
    verifier = Verifier()
    assert verifier.signature(case).valid and verifier.path(path_case(case)).valid

    for file in Path(case["crls"]).iterdir():
        file.unlink()

    assert verifier.signature(case).valid and verifier.path(path_case(case)).valid


def test_without_intermediates_the_folder_of_trust_is_enough(case: dict[str, Any]) -> None:
    wanted = path_case(case)
    wanted.pop("intermediates")

    assert Verifier().path(wanted).valid


def test_a_bundle_of_lists_is_read_whole(case: dict[str, Any]) -> None:
    folder = Path(case["crls"])
    lists = [x509.load_der_x509_crl(file.read_bytes()) for file in sorted(folder.iterdir())]
    for file in folder.iterdir():
        file.unlink()
    (folder / "all.pem").write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in lists))

    assert Verifier().signature(case).valid


def test_lists_that_nobody_can_read_are_passed_over(case: dict[str, Any]) -> None:
    # Given a list of another version, one with a serial number that is none, and a folder where a file should be
    folder, gca = Path(case["crls"]), forge.pki().gca
    version = gca.crl().replace(b"\x02\x01\x01\x30\x0d", b"\x02\x01\x05\x30\x0d", 1)
    (folder / "version.crl").write_bytes(version)
    (folder / "empty.crl").write_bytes(b"")
    (folder / "folder.crl").mkdir()

    assert Verifier().signature(case).valid


def test_what_one_parser_alone_can_read_is_passed_over(case: dict[str, Any]) -> None:
    # Given names in a string that is none of their kind, in a list and in a certificate beside the good ones
    pki = forge.pki()
    name = pki.gca.certificate.subject.public_bytes()
    odd = name.replace(b"\x0c\x12", b"\x16\x12")
    (Path(case["crls"]) / "odd.crl").write_bytes(pki.gca.crl().replace(name, odd))
    (Path(case["trust"]) / "odd.crt").write_bytes(pki.gca.der.replace(name, odd))

    assert Verifier().signature(case).valid


def test_a_list_whose_entries_are_none_is_not_believed(case: dict[str, Any]) -> None:
    entry = forge.tlv(0x30, forge.tlv(0x04, b"1"), forge.utc_time(forge.AT))
    (Path(case["crls"]) / "gca.crl").write_bytes(list_made(forge.pki().gca, entries=entry))

    assert Verifier().signature(case).code == "crl_missing"


def test_a_batch_is_one_case_a_line(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b'{"id": "a", "at": "x"}\r\n\n{"id": {"a": null}}\n')

    assert list(batch_read(file)) == [("a", {"id": "a", "at": "x"}), ({"a": None}, {"id": {"a": None}})]


DEEP = '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize("broken", ["{", "[]", "1", '{"at": "x"}', '{"id": NaN}', '{"id": 1e999}', "\x80", DEEP])
def test_a_line_without_an_id_is_no_batch(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(json.dumps({"id": 1}).encode() + b"\n" + broken.encode("latin-1") + b"\n")

    with pytest.raises(Problem) as problem:
        list(batch_read(file))

    assert problem.value.code == "bad_batch"
    assert problem.value.detail.startswith("line 2")


@pytest.mark.parametrize(
    "broken", ['{"id": 7, "at": "a", "at": "b"}', '{"id": 7, "at": 1.5}', '{"id": 7, "at": "\\u0000"}']
)
def test_a_line_that_is_not_strict_json_is_a_case_that_cannot_be_run(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(broken + "\n", encoding="utf-8")

    ((name, problem),) = batch_read(file)

    assert name == 7
    assert isinstance(problem, Problem) and problem.code == "bad_case"
