"""The timestamp authority's certificates: one generation after the other, each with a key of its own.

They lie in the folder of the simulated authorities: `timestamps/NNNN.crt`, `keys/timestamps-NNNN.pem`.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.simulation.authorities import TIME, Issuer, Pki, key_usage, name_of, write_atomic
from signing.simulation.issuance import validity
from treasury.core.clock import ZONE

YEARS: Final = 5


@dataclass(frozen=True)
class Generation:
    """One certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def is_valid(self, at: datetime) -> bool:
        """Whether it may be used at a moment."""
        return self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc


class TimeCertificates:
    """Every generation in a folder of authorities; several processes may share it."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki
        self._folder = pki.folder / "timestamps"
        self._known: dict[str, Generation] = {}

    def current(self, at: datetime) -> Generation | None:
        """The newest generation that is valid at a moment."""
        found = [self._read(path) for path in sorted(self._folder.glob("*.crt"), reverse=True)]
        return next((one for one in found if one.is_valid(at)), None)

    def provide(self, at: datetime) -> None:
        """Makes authorities and a generation that is valid, where there is none."""
        self._pki.make(at)
        self._pki.keep_fresh(at)
        if self.current(at) is None:
            self.renew(at)

    def renew(self, at: datetime, years: int = YEARS) -> Generation:
        """A new generation, which tokens are signed with from now on."""
        with self._pki.locked():
            self._folder.mkdir(exist_ok=True)
            name = f"{len(list(self._folder.glob('*.crt'))) + 1:04}"
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _certificate(self._pki.issuer(TIME), name, key.public_key(), at, years)
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_atomic(self._key(name), pem, mode=0o600)
            write_atomic(self._folder / f"{name}.crt", certificate.public_bytes(serialization.Encoding.DER))
            return Generation(certificate, key)

    def _key(self, name: str) -> Path:
        return self._pki.folder / "keys" / f"timestamps-{name}.pem"

    def _read(self, path: Path) -> Generation:
        if path.stem not in self._known:
            key = serialization.load_pem_private_key(self._key(path.stem).read_bytes(), None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            self._known[path.stem] = Generation(x509.load_der_x509_certificate(path.read_bytes()), key)
        return self._known[path.stem]


def _certificate(
    issuer: Issuer, name: str, key: ec.EllipticCurvePublicKey, at: datetime, years: int
) -> x509.Certificate:
    """A certificate for nothing but timestamps, from a day's beginning in Taipei."""
    valid_from, valid_to = validity(at.astimezone(ZONE).date(), years)
    subject = name_of(
        (NameOID.ORGANIZATION_NAME, "模擬（非真實時戳服務）"), (NameOID.COMMON_NAME, f"模擬時戳服務 {name}")
    )
    point = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(f"http://{TIME}.simulated.invalid/{TIME}.crl")], None, None, None
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
