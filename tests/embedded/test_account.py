"""Which system user the servers run as."""

import os
import pwd
from pathlib import Path

import pytest

from treasury.embedded.account import Account
from treasury.embedded.failures import EmbeddedError


def test_an_ordinary_user_runs_them_as_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(os, "geteuid", lambda: nobody.pw_uid)

    account = Account.for_checkout(tmp_path)

    assert (account.name, account.switches) == ("nobody", False)
    assert account.popen_options() == {}


def test_a_user_id_without_a_name_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)

    with pytest.raises(EmbeddedError, match=r"54321 has no entry in /etc/passwd.*DATABASE_URL"):
        Account.for_checkout(tmp_path)


def test_root_runs_them_as_nobody_in_a_checkout_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    account = Account.for_checkout(Path("/"))

    assert (account.name, account.switches, account.owns_checkout) == ("nobody", True, False)
    assert account.popen_options() == {"user": account.uid, "group": account.gid, "extra_groups": []}


def test_root_runs_them_as_the_owner_of_somebody_elses_checkout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner = pwd.getpwnam("daemon")
    found = os.stat_result((0o40755, 1, 1, 2, owner.pw_uid, owner.pw_gid, 0, 0, 0, 0))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "stat", lambda self, **_: found)

    account = Account.for_checkout(tmp_path)

    assert (account.name, account.owns_checkout) == ("daemon", True)


def test_it_knows_what_the_user_can_enter_and_run(tmp_path: Path) -> None:
    account = Account.for_checkout(tmp_path)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")

    assert account.can_enter(Path("/tmp"))
    assert account.can_run(Path("/bin/ls"))
    assert not account.can_enter(tmp_path / "missing")
    assert not account.can_run(program)
