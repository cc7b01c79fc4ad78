"""Verifying from files alone, without the database: what the commands `verify_signature` and `verify_path` do.

A folder of trust holds roots and intermediates (a self-signed one is an anchor), a folder of lists any number of
generations. Files there that cannot be read are passed over: what would have needed them is refused.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from signing.certificates import CertificateFacts, certificate_read, certificates_load, crls_load, pem_or_der
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import PathPolicy, TrustStore
from signing.refusals import Refused
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.strict_json import read_strict_json

_SIGNATURE_KEYS: Final = frozenset({"content", "signature", "trust", "crls"})
_PATH_KEYS: Final = frozenset({"certificate", "trust", "crls"})
_PATH_FLAGS: Final = frozenset({"explicit_policy", "inhibit_mapping", "inhibit_any"})
_PLACES: Final = frozenset({"content", "signature", "certificate", "trust", "intermediates", "crls"})
# No file of a case is larger; the clock of a certificate begins in 1950.
FILE_MAX_BYTES: Final = 256 * 1024 * 1024
_YEARS: Final = range(1950, 9999)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one case: `code` is `ok` or why not; `facts` tell of signer and path when valid."""

    valid: bool
    code: str
    detail: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As a JSON line shows it."""
        return {"valid": self.valid, "code": self.code, "detail": self.detail, **self.facts}


class Verifier:
    """Verifies cases; folders are read once however many cases name them."""

    def __init__(self, base: Path = Path()) -> None:
        self._base = base
        self._certificates: dict[Path, list[CertificateFacts]] = {}
        self._lists: dict[Path, list[RevocationList]] = {}
        self._stores: dict[tuple[Path, ...], TrustStore] = {}

    def signature(self, case: dict[str, Any]) -> Outcome:
        """CMS over content by any certificate that the trust folder accepts; with a policy only under that one.

        Keys: content, signature, trust, crls, policy (a string or a list), at. Problem for a case that cannot be run.
        """
        _check_keys(case, _SIGNATURE_KEYS, frozenset({"policy", "at"}))
        content, message = (_read(self._path(case, key)) for key in ("content", "signature"))
        store = self._store(self._path(case, "trust"), None, self._path(case, "crls"))
        oids = _policies(case)
        policy, at = PathPolicy(oids=oids, explicit=bool(oids)), _moment(case)
        try:
            signer = gate_pass(
                store=store, content=content, message=message, at=at, policy=policy, use_message_certificates=True
            )
        except Refused as refused:
            return Outcome(False, refused.code, refused.detail)
        facts = _facts(signer.certificate) | {
            "signing_time": signer.message.signing_time.isoformat(),
            "at": at.isoformat(),
            "policies": list(signer.path.policies),
        }
        return Outcome(True, "ok", "", facts)

    def path(self, case: dict[str, Any]) -> Outcome:
        """RFC 5280 path validation with revocation.

        Keys: certificate, trust, intermediates (if any), crls, policy, explicit_policy, inhibit_mapping, inhibit_any,
        at. Problem for a case that cannot be run.
        """
        _check_keys(case, _PATH_KEYS, frozenset({"policy", "at", "intermediates"}) | _PATH_FLAGS)
        data = _read(self._path(case, "certificate"))
        below = self._path(case, "intermediates") if "intermediates" in case else None
        store = self._store(self._path(case, "trust"), below, self._path(case, "crls"))
        policy = PathPolicy(
            oids=_policies(case),
            explicit=case.get("explicit_policy") is True,
            inhibit_mapping=case.get("inhibit_mapping") is True,
            inhibit_any=case.get("inhibit_any") is True,
        )
        at = _moment(case)
        try:
            certificate = certificate_read(pem_or_der(data))
            found = store.path_check(certificate, at=at, policy=policy)
        except Refused as refused:
            return Outcome(False, refused.code, refused.detail)
        return Outcome(True, "ok", "", _facts(certificate) | {"at": at.isoformat(), "policies": list(found.policies)})

    def _path(self, case: dict[str, Any], key: str) -> Path:
        return self._base / str(case[key])

    def _store(self, trust: Path, intermediates: Path | None, lists: Path) -> TrustStore:
        """The store of these folders; only self-signed certificates of the trust folder are anchors."""
        key = (trust, lists) if intermediates is None else (trust, intermediates, lists)
        if key not in self._stores:
            known = self._folder(trust)
            below = [one for one in known if not one.is_self_signed]
            below += [] if intermediates is None else self._folder(intermediates)
            anchors = [one for one in known if one.is_self_signed]
            self._stores[key] = TrustStore(anchors, below, self._crls(lists))
        return self._stores[key]

    def _folder(self, folder: Path) -> list[CertificateFacts]:
        if folder not in self._certificates:
            _check_folder(folder)
            loaded = (facts for _, facts in certificates_load(folder, strict=False))
            self._certificates[folder] = list({one.fingerprint: one for one in loaded if one.is_whole}.values())
        return self._certificates[folder]

    def _crls(self, folder: Path) -> list[RevocationList]:
        if folder not in self._lists:
            _check_folder(folder)
            self._lists[folder] = [one for one in map(RevocationList, crls_load(folder)) if one.is_whole]
        return self._lists[folder]


def batch_read(file: Path) -> Iterator[tuple[Any, dict[str, Any] | Problem]]:
    """The cases of a JSON Lines file, each with its `id`; in the place of one that is not strict JSON, the Problem.

    Problem `bad_batch` naming the line when no `id` can be read from it: then there is nothing to answer to.
    """
    for number, line in enumerate(_read(file).removeprefix(_BYTE_ORDER_MARK).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            name = json.loads(line)["id"]
            json.dumps(name, allow_nan=False)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            detail = f"line {number}: no object with an id ({error})"
            raise Problem("bad_batch", detail, file=str(file)) from None
        try:
            yield name, read_strict_json(line)
        except Problem as problem:
            yield name, Problem("bad_case", problem.detail, path=problem.path)


def _check_keys(case: dict[str, Any], needed: frozenset[str], optional: frozenset[str]) -> None:
    missing, unknown = needed - set(case), set(case) - needed - optional - {"id"}
    if missing or unknown:
        words = [*(f"{key} is missing" for key in sorted(missing)), *(f"{key} is unknown" for key in sorted(unknown))]
        raise Problem("bad_case", ", ".join(words))
    for flag in _PATH_FLAGS & set(case):
        if not isinstance(case[flag], bool):
            raise Problem("bad_case", f"{flag} must be true or false", path=f"/{flag}")
    for place in _PLACES & set(case):
        if not isinstance(case[place], str | Path):
            raise Problem("bad_case", f"{place} must be a path", path=f"/{place}")


def _policies(case: dict[str, Any]) -> frozenset[str]:
    given = case.get("policy") or []
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise Problem("bad_case", "policy must be an OID or a list of OIDs", path="/policy")
    return frozenset(listed)


def _moment(case: dict[str, Any]) -> datetime:
    """`at` as an aware moment; now when there is none."""
    if not case.get("at"):
        return clock.now()
    try:
        moment = datetime.fromisoformat(str(case["at"]))
    except ValueError as error:
        raise Problem("bad_case", str(error), path="/at") from None
    if moment.year not in _YEARS:
        raise Problem("bad_case", f"at lies outside {_YEARS[0]} to {_YEARS[-1]}", path="/at")
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)


def _read(path: Path) -> bytes:
    """A file's bytes; Problem `cannot_read` for one that is not there, is no file, or never ends."""
    try:
        with path.open("rb") as opened:
            data = opened.read(FILE_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Problem("cannot_read", f"{path.name}: {error}", file=str(path)) from None
    if len(data) > FILE_MAX_BYTES:
        raise Problem("cannot_read", f"{path.name} is larger than {FILE_MAX_BYTES} bytes", file=str(path))
    return data


def _check_folder(folder: Path) -> None:
    """Problem `cannot_read` for a folder that cannot even be asked for (a name of a thousand characters)."""
    try:
        folder.is_dir()
    except (OSError, ValueError) as error:
        raise Problem("cannot_read", str(error), file=str(folder)) from None


def _facts(certificate: CertificateFacts) -> dict[str, Any]:
    return {
        "signer": {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "serial": certificate.serial,
            "fingerprint": certificate.fingerprint.hex(),
            "valid_from": certificate.valid_from.isoformat(),
            "valid_to": certificate.valid_to.isoformat(),
        }
    }
