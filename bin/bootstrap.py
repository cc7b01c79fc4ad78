"""Makes or refreshes `.venv` from the hashed lock files, with the standard library alone.

Nothing is asked of the network but what pip's own configuration of this machine says: the indexes,
certificates and proxies of `pip config` are handed on to uv, which does not read them by itself.
Exit codes: 0 ready, 2 could not be made ready (the reason stands on standard error).
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "bootstrap.stamp"
UV_LOCK = ROOT / "requirements-uv.lock"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
# What the tests need beside Python: the program, by any of its names, and the Debian package that brings it.
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "softhsm2": ("softhsm2-util",),  # a card reader of software, with the library beside it
}
OLDEST = (3, 11)
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Failed(Exception):
    """The environment cannot be made; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Brings `.venv` to the level asked for: `run`, `dev`, or `test` (`dev` and the programs that the tests need);
    silent when there is nothing to do."""
    level = arguments[0] if arguments else "run"
    if level not in (*LOCKS, "test"):
        print(f"bootstrap: the level is one of: {', '.join(LOCKS)}, test", file=sys.stderr)
        return 2
    try:
        with locked(ROOT / "var" / "bootstrap.lock"):
            if level == "test":
                provide_programs()
            refresh("dev" if level == "test" else level)
    except Failed as failure:
        print(f"bootstrap: {failure}", file=sys.stderr)
        return 2
    return 0


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Two makes at once shall not build one environment twice."""
    try:
        path.parent.mkdir(exist_ok=True)
        # Read-only is enough to lock it, and works where root has made it in somebody's checkout.
        file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise Failed(f"{error}. The checkout must be writable by you.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def provide_programs() -> None:
    """Has every program that the tests need: installed from Debian for root, named for everybody else."""
    missing = [package for package, names in PROGRAMS.items() if not any(map(shutil.which, names))]
    if missing and not (os.geteuid() == 0 and shutil.which("apt-get")):
        raise Failed(f"the tests need {', '.join(missing)}. As root: apt-get install {' '.join(missing)}")
    for package in missing:
        install_debian_package(package)


def refresh(level: str) -> None:
    """Installs what the lock names, unless it is the one of last time; never cuts `dev` down to `run`."""
    usable = is_usable()
    stamp = STAMP.read_text().split() if usable and STAMP.exists() else ["", ""]
    if stamp[0] == "dev":
        level = "dev"
    if stamp == [level, fingerprint(level)]:
        return
    begun = time.monotonic()
    print(f"bootstrap: setting up .venv ({level}) ...", flush=True)
    if not usable:
        try:
            create()
        except Failed:
            shutil.rmtree(VENV, ignore_errors=True)  # half an environment would pass for one next time
            raise
    STAMP.unlink(missing_ok=True)
    uv = uv_program()
    sync = [uv, "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", str(LOCKS[level])]
    run(sync, environment=uv_environment(pip_settings()))
    STAMP.write_text(f"{level} {fingerprint(level)}\n")
    print(f"bootstrap: .venv is ready ({time.monotonic() - begun:.0f} s)", flush=True)


def is_usable() -> bool:
    """Whether `.venv` has an interpreter that still runs (its origin may be gone) and is new enough."""
    check = f"import sys; sys.exit(sys.prefix == sys.base_prefix or sys.version_info < {OLDEST})"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def fingerprint(level: str) -> str:
    """A digest over what the environment is made from."""
    digest = hashlib.sha256()
    for path in (LOCKS[level], UV_LOCK):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def create() -> None:
    """A new `.venv`: with pip where this Python can, else without, else by Debian's package for root."""
    shutil.rmtree(VENV, ignore_errors=True)
    venv = [sys.executable, "-m", "venv", str(VENV)]
    if works("import ensurepip; ensurepip.version()"):
        run(venv)
    elif works("import venv") and (system_pip() or shutil.which("uv")):
        run([*venv, "--without-pip"])
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian_package("python3-venv")
        run([debian_python(), "-m", "venv", str(VENV)])
    else:
        raise Failed("this Python has neither ensurepip nor pip. As root: apt-get install python3-venv")


def works(code: str) -> bool:
    """Whether this Python can run the line; Debian splits the standard library into packages."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def system_pip() -> list[str]:
    """The command of a pip outside `.venv` that can install into it, or nothing."""
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    done = subprocess.run([*command[:3], "--python", sys.executable, "--version"], capture_output=True, check=False)
    return command if done.returncode == 0 else []


def debian_python() -> str:
    """Debian's own interpreter, which the package just installed belongs to."""
    return "/usr/bin/python3"


def install_debian_package(name: str) -> None:
    """apt-get, quietly; the package lists are fetched first when a bare image has none."""
    print(f"bootstrap: installing the Debian package {name} ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", name]
    if subprocess.run(install, env=quiet, capture_output=True, check=False).returncode == 0:
        return
    run(["apt-get", "update", "-qq"], environment=quiet)
    run(install, environment=quiet)


def pip() -> list[str]:
    """The command of the pip that serves `.venv`, or nothing where only uv is there."""
    own = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
        return own
    return system_pip()


def uv_program() -> str:
    """uv of the locked version inside `.venv`, put there by pip; without any pip the one on the PATH."""
    inside = VENV / "bin" / "uv"
    wanted = UV_LOCK.read_text().partition("==")[2].split()[0]
    if inside.exists() and wanted in output([str(inside), "--version"]).split():
        return str(inside)
    command = pip()
    if command:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        run([*command, "install", *options, "-r", str(UV_LOCK)])
        return str(inside)
    found = shutil.which("uv")
    if found is None:
        raise Failed("there is neither pip nor uv to install with. As root: apt-get install python3-venv")
    return found


def pip_settings() -> dict[str, str]:
    """What `pip config list` says, environment over command over file, by bare option name."""
    command = pip()
    found: dict[str, tuple[int, str]] = {}
    ranks = {"global": 0, "install": 1, ":env:": 2}
    for line in output([*command, "config", "list"]).splitlines() if command else ():
        key, _, quoted = line.partition("=")
        section, _, name = key.rpartition(".")
        if section not in ranks:
            continue
        with contextlib.suppress(ValueError, SyntaxError):
            rank = ranks[section]
            if rank >= found.get(name, (-1, ""))[0]:
                found[name] = rank, str(ast.literal_eval(quoted))
    return {name: value for name, (_, value) in found.items()}


def uv_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This environment with pip's settings under uv's names; what is set for uv already stays."""
    indexes = settings.get("extra-index-url", "").split()
    wanted = {
        "UV_DEFAULT_INDEX": settings.get("index-url", ""),
        "UV_EXTRA_INDEX_URL": " ".join(indexes),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(settings.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"} else "",
        "UV_HTTP_TIMEOUT": settings.get("timeout", settings.get("default-timeout", "")),
        "SSL_CERT_FILE": settings.get("cert", ""),
        "UV_SYSTEM_CERTS": "1" if SYSTEM_CERTIFICATES.exists() else "",  # as Debian's pip does
        "ALL_PROXY": settings.get("proxy", ""),
        # pip weighs all indexes alike; the hashes decide what may be installed.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if indexes else "",
        "UV_CACHE_DIR": "" if has_cache() else str(ROOT / "var" / "cache" / "uv"),
    }
    return {**{name: value for name, value in wanted.items() if value}, **os.environ}


def has_cache() -> bool:
    """Whether the user has a place for caches; a system user's home often does not exist."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(place, os.W_OK)


def output(command: list[str]) -> str:
    """What a command prints; empty when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def run(command: list[str], *, environment: Mapping[str, str] | None = None) -> None:
    """Runs a command silently; Failed with the end of what it said when it fails."""
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stdout.splitlines()[-20:])
        raise Failed(f"`{' '.join(command[:4])} ...` failed with {done.returncode}:\n{said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
