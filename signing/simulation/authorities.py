"""The simulated authorities: a root (GRCA), below it those for agencies, schools and citizens, and that for time.

Everything lies in one folder: `anchors/`, `intermediates/`, `crls/` (the current lists), `archive/` (every list ever
issued), `keys/`, `state.json`. A lock file lets several processes share it.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ROOT: Final = "grca"
ISSUERS: Final = {
    "gca": "模擬政府憑證管理中心",
    "xca": "模擬組織及團體憑證管理中心",
    "moica": "模擬內政部憑證管理中心",
}
TIME: Final = "tsca"
# Everybody below the root: who issues cards, and who certifies the timestamp authority.
BELOW: Final = {**ISSUERS, TIME: "模擬時戳憑證管理中心"}
_ROOT_NAME: Final = "模擬政府憑證總管理中心"
_BITS: Final = {ROOT: 4096}
_POLICIES: Final = tuple(f"2.16.886.101.0.3.{level}" for level in (1, 2, 3, 4))
_VALID: Final = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2045, 12, 31, 23, 59, 59, tzinfo=UTC))
_CRL_VALID: Final = timedelta(days=10)
_CRL_EVERY: Final = timedelta(days=1)
_DER: Final = serialization.Encoding.DER
REASONS: Final = {reason.value: reason for reason in x509.ReasonFlags}


@dataclass(frozen=True)
class Issuer:
    """An authority that can sign: its certificate and key."""

    name: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


class Pki:
    """The folder of the simulated authorities."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether the authorities were made already."""
        return (self.folder / "state.json").exists()

    def make(self, now: datetime) -> None:
        """Makes root, authorities and their first lists; where they exist already, those that an older folder lacks."""
        with self.locked():
            missing = [name for name in (ROOT, *BELOW) if not (self.folder / "keys" / f"{name}.pem").exists()]
            if self.exists and not missing:
                return
            for part in ("anchors", "intermediates", "crls", "archive", "keys"):
                (self.folder / part).mkdir(parents=True, exist_ok=True)
            with ThreadPoolExecutor(2) as pool:
                keys = dict(zip(missing, pool.map(_new_key, (_BITS.get(name, 2048) for name in missing)), strict=True))
            if ROOT in keys:
                self._keep(
                    "anchors", ROOT, _authority(_ROOT_NAME, keys[ROOT].public_key(), None, keys[ROOT]), keys[ROOT]
                )
            root = self.issuer(ROOT)
            for name in filter(keys.__contains__, BELOW):
                certificate = _authority(BELOW[name], keys[name].public_key(), root.certificate, root.key)
                self._keep("intermediates", name, certificate, keys[name])
            self._refresh(self._state() if self.exists else {"crl_numbers": {}, "revoked": {}}, now)

    def issuer(self, name: str) -> Issuer:
        """An authority with its key."""
        part = "anchors" if name == ROOT else "intermediates"
        certificate = x509.load_der_x509_certificate((self.folder / part / f"{name}.crt").read_bytes())
        key = serialization.load_pem_private_key(
            (self.folder / "keys" / f"{name}.pem").read_bytes(), None, unsafe_skip_rsa_key_validation=True
        )
        assert isinstance(key, rsa.RSAPrivateKey)
        return Issuer(name, certificate, key)

    def refresh_crls(self, now: datetime) -> None:
        """Issues a fresh list of every authority."""
        with self.locked():
            self._refresh(self._state(), now)

    def keep_fresh(self, now: datetime) -> None:
        """Issues fresh lists unless those there are of the last day (a clock set back makes them fresh, too)."""
        with self.locked():
            state = self._state()
            age = now - datetime.fromisoformat(state["refreshed_at"])
            if not timedelta(0) <= age < _CRL_EVERY:
                self._refresh(state, now)

    def revoke(self, issuer: str, serial: int, reason: str, now: datetime) -> None:
        """Revokes a certificate (or holds it, reason `certificateHold`) and issues fresh lists."""
        with self.locked():
            state = self._state()
            entries = [one for one in state["revoked"].get(issuer, []) if one["serial"] != serial]
            entries.append({"serial": serial, "at": now.isoformat(), "reason": reason})
            state["revoked"][issuer] = entries
            self._refresh(state, now)

    def release(self, issuer: str, serial: int, now: datetime) -> None:
        """Lifts a hold: the serial number no longer stands in the lists that follow."""
        with self.locked():
            state = self._state()
            state["revoked"][issuer] = [one for one in state["revoked"].get(issuer, []) if one["serial"] != serial]
            self._refresh(state, now)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the folder against other processes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "state.json").read_text())
        return state

    def _keep(self, part: str, name: str, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
        write_atomic(self.folder / part / f"{name}.crt", certificate.public_bytes(_DER))
        write_atomic(self.folder / "keys" / f"{name}.pem", _pem(key), mode=0o600)

    def _refresh(self, state: dict[str, Any], now: datetime) -> None:
        for name in (ROOT, *BELOW):
            number = state["crl_numbers"].get(name, 0) + 1
            data = _crl(self.issuer(name), state["revoked"].get(name, []), number, now)
            write_atomic(self.folder / "archive" / f"{name}-{number:06}.crl", data)
            write_atomic(self.folder / "crls" / f"{name}.crl", data)
            state["crl_numbers"][name] = number
        state["refreshed_at"] = now.isoformat()
        write_atomic(self.folder / "state.json", json.dumps(state, indent=1).encode())


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Writes a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def name_of(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """A distinguished name in Taiwan."""
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"), *(x509.NameAttribute(*part) for part in parts)])


def _new_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _authority(
    title: str, key: rsa.RSAPublicKey, root: x509.Certificate | None, signing_key: rsa.RSAPrivateKey
) -> x509.Certificate:
    """The certificate of an authority; the root has no subject key identifier, as the real one lacks it."""
    subject = name_of((NameOID.ORGANIZATION_NAME, "模擬（非真實憑證機構）"), (NameOID.COMMON_NAME, title))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if root is None else root.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID[0])
        .not_valid_after(_VALID[1])
        .add_extension(x509.BasicConstraints(ca=True, path_length=None if root is None else 0), critical=True)
        .add_extension(key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    if root is not None:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in _POLICIES]
        builder = (
            builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
            .add_extension(x509.CertificatePolicies(policies), critical=False)
        )
    return builder.sign(signing_key, hashes.SHA256())


def _crl(issuer: Issuer, revoked: list[dict[str, Any]], number: int, now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now.astimezone(UTC))
        .next_update(now.astimezone(UTC) + _CRL_VALID)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for entry in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(entry["serial"])
            .revocation_date(datetime.fromisoformat(entry["at"]).astimezone(UTC))
            .add_extension(x509.CRLReason(REASONS[entry["reason"]]), critical=False)
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(_DER)


def key_usage(**given: bool) -> x509.KeyUsage:
    """A key usage extension with the given bits set."""
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})
