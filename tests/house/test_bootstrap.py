"""Setting up: what pip is configured for reaches uv, and nothing is done twice."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the locks and the script, and no environment."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy(lock, tmp_path)
    shutil.copy(ROOT / "Makefile", tmp_path)
    return tmp_path


@pytest.fixture
def bootstrap(checkout: Path) -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", checkout / "bin" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user types it: what an outer make hands to its children is not for it."""
    typed = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    return subprocess.run(command, cwd=cwd, env={**typed, **environment}, capture_output=True, text=True, check=False)


def test_pips_settings_reach_uv_under_its_own_names(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_STRATEGY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)

    environment = bootstrap.uv_environment(
        {
            "index-url": "https://mirror.example/simple",
            "extra-index-url": "file:///srv/a\nfile:///srv/b",
            "find-links": "/srv/wheels /srv/more",
            "cert": "/etc/ca.pem",
        }
    )

    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environment["UV_EXTRA_INDEX_URL"] == "file:///srv/a file:///srv/b"
    assert environment["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert environment["UV_FIND_LINKS"] == "/srv/wheels,/srv/more"
    assert environment["SSL_CERT_FILE"] == "/etc/ca.pem"


def test_what_is_set_for_uv_already_stays(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://ours.example/simple")

    environment = bootstrap.uv_environment({"index-url": "https://mirror.example/simple"})

    assert environment["UV_DEFAULT_INDEX"] == "https://ours.example/simple"


def test_pips_environment_counts_more_than_its_files(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "global.timeout='30'\n:env:.timeout='99'\ninstall.timeout='60'\nglobal.cert='/etc/ca.pem'\nlist.format='x'\n"
    monkeypatch.setattr(bootstrap, "pip", lambda: ["pip"])
    monkeypatch.setattr(bootstrap, "output", lambda command: said)

    assert bootstrap.pip_settings() == {"timeout": "99", "cert": "/etc/ca.pem"}


def test_a_user_without_a_home_gets_a_cache_in_the_checkout(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)

    environment = bootstrap.uv_environment({})

    assert environment["UV_CACHE_DIR"] == str(checkout / "var" / "cache" / "uv")


def test_nothing_is_done_when_the_lock_is_the_one_of_last_time(bootstrap: ModuleType, checkout: Path) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", ".venv", cwd=checkout)
    bootstrap.STAMP.write_text(f"dev {bootstrap.fingerprint('dev')}\n")

    done = run("bin/bootstrap", "run", cwd=checkout, PATH="/usr/bin:/bin", PYTHON=sys.executable)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_package_that_is_not_the_locked_one_is_refused(checkout: Path, tmp_path: Path) -> None:
    wheel_house = tmp_path / "wheels"
    wheel_house.mkdir()
    (checkout / "requirements-uv.lock").write_text(f"uv==0.0.1 \\\n    --hash=sha256:{'0' * 64}\n")

    done = run("bin/bootstrap", "run", cwd=checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheel_house),
               PIP_CONFIG_FILE="/dev/null", PYTHON=sys.executable)  # fmt: skip

    assert done.returncode == 2
    assert "uv==0.0.1" in done.stderr
    assert not (checkout / ".venv" / "bootstrap.stamp").exists()


def test_a_level_that_does_not_exist_is_named(checkout: Path) -> None:
    done = run("bin/bootstrap", "everything", cwd=checkout)

    assert done.returncode == 2
    assert "run, dev" in done.stderr


def test_shared_suites_say_that_their_data_are_missing(checkout: Path) -> None:
    done = run("make", "test-shared", cwd=checkout)

    assert done.returncode == 2
    assert "../shared/data is missing" in done.stderr


def test_help_names_every_target(checkout: Path) -> None:
    done = run("make", "help", cwd=checkout)

    named = [line.split()[1] for line in done.stdout.splitlines()]
    targets = ["help", "setup", "demo", "serve", "test", "test-shared", "check", "coverage", "bench"]
    targets += ["nightly", "screenshots"]
    assert named == targets


def test_who_cannot_install_is_told_what_the_tests_lack(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(bootstrap.Failed, match="apt-get install chromium softhsm2"):
        bootstrap.provide_programs()


def test_a_browser_of_another_name_will_do(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("google-chrome", "softhsm2-util"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    bootstrap.provide_programs()
