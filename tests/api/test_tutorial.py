"""What the documents tell a client to do is done here, against a running server."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.api.system import System, system_of
from tests.factories import Desk
from tests.vouchers.examples import remittance
from treasury import api_document
from vouchers.models import Voucher, VoucherJob

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 180


def _run(command: list[str], system: System, server: LiveServer, folder: Path) -> subprocess.CompletedProcess[str]:
    told = {"EPAY_URL": server.url, "CLIENT_ID": system.client.client_id, "CLIENT_SECRET": system.secret}
    env = {**os.environ, **told, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_tutorial_works(shared_desk: Desk, live_server: LiveServer, tmp_path: Path) -> None:
    text = (ROOT / "docs/api/tutorial.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) == text.count("```sh")
    (tmp_path / "tutorial.sh").write_text("set -eu\n" + "\n".join(blocks))

    done = _run(["sh", "tutorial.sh"], system_of(shared_desk), live_server, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "/account_lines B-24.5" in done.stdout
    assert [row.state for row in Voucher.objects.all()] == ["in_review"]
    assert VoucherJob.objects.get().voucher_count == 2
    assert json.loads((tmp_path / "changes.json").read_text())["items"][-1]["verb"] == "submit"
    assert json.loads((tmp_path / "stale.json").read_text())["code"] == "changed_meanwhile"


@pytest.mark.django_db(transaction=True)
def test_the_client_example_works_twice_with_one_effect(
    shared_desk: Desk, live_server: LiveServer, tmp_path: Path
) -> None:
    (tmp_path / "voucher.json").write_text(json.dumps(remittance()))
    system = system_of(shared_desk)

    told = [_run([str(ROOT / "docs/api/example.sh"), "voucher.json"], system, live_server, tmp_path) for _ in range(2)]

    assert [one.returncode for one in told] == [0, 0], told
    assert told[0].stdout == told[1].stdout == f"in_review\nvoucher {Voucher.objects.get().pk}\n"


def test_the_committed_document_is_the_present_one() -> None:
    assert (ROOT / "docs/api/openapi.yaml").read_text("utf-8") == api_document.document()
