"""What an authority puts on a card: two key pairs, two certificates, the attributes of a Taiwanese IC card."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from signing.simulation.authorities import Issuer, key_usage, name_of
from treasury.core.clock import ZONE

CLASS_3: Final = "2.16.886.101.0.3.3"
_ATTRIBUTES: Final = "2.16.886.1.100.2"
_CAPACITY_TITLES: Final = {"accountant": "主辦會計", "head": "機關長官", "releaser": "放行人"}


@dataclass(frozen=True)
class CardRequest:
    """What an authority is asked for; `years` counts from the day of issue."""

    agency_code: str
    agency_name: str
    capacity: str
    holder: str
    issuer: str = "GCA"
    years: int = 6
    pin: str = "12345678"
    user_code: str = "87654321"
    id_last4: str = ""
    sequence: int = 1

    @property
    def card_no(self) -> str:
        """Sixteen characters, the same for the same request."""
        text = "|".join((self.issuer, self.agency_code, self.capacity, self.holder, str(self.sequence)))
        digits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % 10**14
        return f"{self.issuer[0]}{self.issuer[1]}{digits:014}"


def certificate_issue(
    issuer: Issuer, request: CardRequest, key: rsa.RSAPublicKey, *, on: date, signing: bool
) -> x509.Certificate:
    """A certificate for a card's signing or encipherment key, valid from a day's beginning in Taipei."""
    valid_from, valid_to = validity(on, request.years)
    usage = key_usage(digital_signature=True) if signing else key_usage(key_encipherment=True, data_encipherment=True)
    policy = x509.PolicyInformation(x509.ObjectIdentifier(CLASS_3), None)
    address = f"http://{issuer.name}.simulated.invalid/{issuer.name}.crl"
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(request))
        .issuer_name(issuer.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(usage, critical=True)
        .add_extension(x509.CertificatePolicies([policy]), critical=False)
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .add_extension(_directory_attributes(request), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )


def validity(on: date, years: int) -> tuple[datetime, datetime]:
    """From the beginning of a day in Taipei to the last second before its anniversary (29 February: 28th's end)."""
    try:
        anniversary = on.replace(year=on.year + years)
    except ValueError:
        anniversary = date(on.year + years, 3, 1)
    begin = datetime.combine(on, time(), ZONE).astimezone(UTC)
    return begin, datetime.combine(anniversary, time(), ZONE).astimezone(UTC) - timedelta(seconds=1)


def _subject(request: CardRequest) -> x509.Name:
    if request.issuer == "MOICA":
        return name_of((NameOID.COMMON_NAME, request.holder), (NameOID.SERIAL_NUMBER, request.card_no))
    return name_of(
        (NameOID.ORGANIZATION_NAME, request.agency_name[:64]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, request.agency_code),
        (NameOID.COMMON_NAME, f"{request.agency_name[:48]} {_CAPACITY_TITLES[request.capacity]}附卡"),
        (NameOID.SERIAL_NUMBER, request.card_no),
    )


def _directory_attributes(request: CardRequest) -> x509.UnrecognizedExtension:
    """Subject directory attributes: card rank and agency, or the last four digits of a citizen's number."""
    values = (
        {"51": core.PrintableString(request.id_last4 or "0000")}
        if request.issuer == "MOICA"
        else {"2": core.PrintableString("secondary"), "102": core.UTF8String(request.agency_code)}
    )
    attributes = _Attributes(
        [{"kind": f"{_ATTRIBUTES}.{end}", "values": [core.Any(value)]} for end, value in values.items()]
    )
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.9"), attributes.dump())


class _Values(core.SetOf):  # type: ignore[misc]
    _child_spec = core.Any


class _Attribute(core.Sequence):  # type: ignore[misc]
    _fields = [("kind", core.ObjectIdentifier), ("values", _Values)]


class _Attributes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _Attribute
