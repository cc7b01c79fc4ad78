"""Child processes: ready, stopped, killed, never left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.homes import CHECKOUT, eventually, is_alive
from treasury.embedded import Child, ChildFailed

SERVES = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text('ready at 8000'); time.sleep(60)"
IGNORES = "import signal, time, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SERVES
HAS_CHILD = "import subprocess; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"


def make(tmp_path: Path, code: str, **options: object) -> Child:
    ready = tmp_path / "ready"
    return Child(
        "teller",
        [sys.executable, "-c", code, str(ready)],
        ready_file=ready,
        log=tmp_path / "teller.log",
        **options,  # type: ignore[arg-type]
    )


def test_it_says_what_the_ready_file_says(tmp_path: Path) -> None:
    with make(tmp_path, SERVES) as child:
        assert child.wait_ready() == "ready at 8000"
        assert child.is_running()


def test_it_is_reaped_when_stopped(tmp_path: Path) -> None:
    child = make(tmp_path, SERVES).start()
    child.wait_ready()
    pid = child.pid

    child.stop()

    assert not Path(f"/proc/{pid}").exists()
    assert not child.is_running()


def test_it_is_killed_when_it_does_not_stop(tmp_path: Path) -> None:
    child = make(tmp_path, IGNORES).start()
    child.wait_ready()

    child.stop(patience_seconds=0.2)

    assert not Path(f"/proc/{child.pid}").exists()


def test_it_takes_its_own_children_along(tmp_path: Path) -> None:
    child = make(tmp_path, HAS_CHILD).start()
    log = tmp_path / "teller.log"
    assert eventually(lambda: log.read_text().strip() != "")
    grandchild = int(log.read_text())

    child.kill()

    assert eventually(lambda: not is_alive(grandchild))


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    child = make(tmp_path, SERVES).start()
    child.wait_ready()
    os.kill(child.pid, signal.SIGKILL)
    assert eventually(lambda: not child.is_running())

    with child:
        assert child.wait_ready() == "ready at 8000"


def test_what_a_dead_one_left_behind_goes_before_it_starts_again(tmp_path: Path) -> None:
    child = make(tmp_path, HAS_CHILD).start()
    log = tmp_path / "teller.log"
    assert eventually(lambda: log.read_text().strip() != "")
    grandchild = int(log.read_text())
    os.kill(child.pid, signal.SIGKILL)
    assert eventually(lambda: not child.is_running())

    child.start()

    assert eventually(lambda: not is_alive(grandchild))
    child.kill()


def test_its_process_id_is_nobody_elses_until_it_is_reaped(tmp_path: Path) -> None:
    child = make(tmp_path, SERVES).start()
    os.kill(child.pid, signal.SIGKILL)
    assert eventually(lambda: not child.is_running())
    assert Path(f"/proc/{child.pid}").exists()

    child.stop()

    assert not Path(f"/proc/{child.pid}").exists()
    child.stop()
    child.kill()


def test_it_tells_the_end_of_the_log_when_it_ends_too_early(tmp_path: Path) -> None:
    with (
        make(tmp_path, "raise SystemExit('no such store')") as child,
        pytest.raises(ChildFailed, match="no such store"),
    ):
        child.wait_ready()


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    with (
        make(tmp_path, "import time; time.sleep(60)") as child,
        pytest.raises(ChildFailed, match="not ready after"),
    ):
        child.wait_ready(timeout_seconds=0.2)


def test_it_adds_to_the_environment(tmp_path: Path) -> None:
    code = "import os, pathlib, sys, time; told = os.environ['DESK'] + os.environ['PATH']\n"
    code += "pathlib.Path(sys.argv[1]).write_text(told); time.sleep(60)"
    with make(tmp_path, code, env={"DESK": "seven"}) as child:
        assert child.wait_ready() == "seven" + os.environ["PATH"]


def test_misuse_is_named(tmp_path: Path) -> None:
    child = Child("teller", ["sleep", "60"], log=tmp_path / "teller.log")

    with pytest.raises(ChildFailed, match="was not started"):
        _ = child.pid
    child.stop()
    child.kill()
    with child:
        with pytest.raises(ChildFailed, match="runs already"):
            child.start()
        with pytest.raises(ChildFailed, match="no ready file"):
            child.wait_ready()


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "from treasury.embedded import Child; from pathlib import Path; import time\n"
        f"child = Child('teller', ['sleep', '60'], log=Path({str(tmp_path / 'log')!r})).start()\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())

    parent.kill()
    parent.communicate()

    assert eventually(lambda: not is_alive(pid))
