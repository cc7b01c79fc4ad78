"""The architecture as `.importlinter` states it."""

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BELOW = {"core", "ledger"}


def test_every_import_keeps_to_the_layers() -> None:
    done = subprocess.run(
        [sys.executable, str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_composition_is_listed_whole() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    listed = contracts["importlinter:contract:composition"]["forbidden_modules"].split()

    there = {
        f"treasury.{path.stem}"
        for path in (ROOT / "treasury").iterdir()
        if path.stem not in BELOW | {"__init__"} and (path.suffix == ".py" or (path / "__init__.py").exists())
    }

    assert set(listed) == there
