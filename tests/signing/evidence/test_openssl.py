"""`docs/evidence.md` is what it says: its commands, exactly as they stand there, run with openssl alone."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from tests.signing.evidence.test_ten_years_on import RENEWED, new_root, old_file
from tests.signing.evidence.workshop import KEY, Workshop

BASH = shutil.which("bash") or "bash"


def commands() -> str:
    """Every command of the page, one after the other."""
    page = (Path(settings.BASE_DIR) / "docs" / "evidence.md").read_text("utf-8")
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


def by_hand(
    folder: Path, data: bytes, anchors: list[x509.Certificate], at: str, log_key: str
) -> "subprocess.CompletedProcess[str]":
    """An auditor's empty folder, and the page's commands in it on some day; the first that fails ends them."""
    folder.mkdir()
    (folder / "evidence.zip").write_bytes(data)
    (folder / "anchors.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in anchors))
    (folder / "log.key").write_text(log_key + "\n")
    today = f'date() {{ if [ "$*" = "+%s" ]; then command date +%s -d "{at}"; else command date "$@"; fi; }}\n'
    return subprocess.run(
        [BASH, "-euo", "pipefail", "-c", today + commands()],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "Asia/Taipei"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_of_the_page_verify_a_file(tmp_path: Path, good: Workshop) -> None:
    done = by_hand(tmp_path / "a", good.sealed(), [good.world.root.certificate], "2025-03-08", KEY.check.line)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "releaser signed at 2025-03-07T02:00:02Z" in done.stdout
    assert done.stdout.endswith("holds until 2027-01-01T00:00:00Z\n")


def test_they_verify_it_ten_years_on_too(tmp_path: Path) -> None:
    made = old_file(*RENEWED)
    anchors = [made.world.root.certificate, new_root().certificate]

    done = by_hand(tmp_path / "a", made.sealed(), anchors, "2036-03-01", KEY.check.line)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("holds until 2040-01-01T00:00:00Z\n")


def _swap(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return change


WRONG: dict[str, Callable[[dict[str, bytes]], None]] = {
    "a content": _swap("contents/head.json", b'"total_twd":100', b'"total_twd":900'),
    "a signature": lambda parts: parts.update({"signatures/head.p7s": parts["signatures/accountant.p7s"]}),
    "a token": lambda parts: parts.update({"tokens/head.tst": parts["tokens/accountant.tst"]}),
    "the document": _swap("document.json", b'"revision":1', b'"revision":2'),
    "a head": _swap("log/heads/4.note", b"\n4\n", b"\n5\n"),
    "a proof": _swap("log/proofs/document.json", b'"index":1', b'"index":0'),
}


@pytest.mark.threat("evidence-forged")
@pytest.mark.parametrize("name", WRONG)
def test_they_fail_where_a_part_was_forged(name: str, tmp_path: Path, good: Workshop) -> None:
    data = good.sealed(WRONG[name])

    done = by_hand(tmp_path / "a", data, [good.world.root.certificate], "2025-03-08", KEY.check.line)

    assert done.returncode != 0 and "holds until" not in done.stdout


@pytest.mark.threat("evidence-renewal-missed")
def test_they_fail_where_a_renewal_was_missed(tmp_path: Path) -> None:
    made = old_file("2025", "2030", "2035")
    anchors = [made.world.root.certificate, new_root().certificate]

    done = by_hand(tmp_path / "a", made.sealed(), anchors, "2036-03-01", KEY.check.line)

    assert done.returncode != 0 and "holds until" not in done.stdout
