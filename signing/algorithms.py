"""The algorithms we accept, and the one function that verifies a raw signature.

An AlgorithmIdentifier is compared as bytes with the few DER spellings that are allowed, so nothing of it is
interpreted: RSA PKCS#1 v1.5 or PSS (salt as long as the hash, the same hash in MGF1), ECDSA on P-256 or
P-384, SHA-2. The tables below are keyed by the content of the SEQUENCE, without its tag and length.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.refusals import Refused

RSA_BITS: Final = (2048, 8192)
CURVES: Final = ("secp256r1", "secp384r1")
HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_PKCS1: Final = padding.PKCS1v15()


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """A way to sign: scheme `pkcs1`, `pss` or `ecdsa`, and the hash it names ("" leaves that to SignerInfo)."""

    scheme: str
    hash_name: str


def _tlv(tag: int, content: bytes) -> bytes:
    """DER of a short value (under 128 bytes)."""
    return bytes((tag, len(content))) + content


_NULL: Final = b"\x05\x00"
_SHA2: Final = bytes.fromhex("0609608648016503040200")[:-1]
_HASH_OIDS: Final = {"sha256": _SHA2 + b"\x01", "sha384": _SHA2 + b"\x02", "sha512": _SHA2 + b"\x03"}
_RSA: Final = bytes.fromhex("06092a864886f70d0101")
_RSA_BY_HASH: Final = {"": b"\x01", "sha256": b"\x0b", "sha384": b"\x0c", "sha512": b"\x0d"}
_MGF1: Final = _RSA + b"\x08"
_PSS: Final = _RSA + b"\x0a"
_ECDSA: Final = bytes.fromhex("06082a8648ce3d0403")
_ECDSA_BY_HASH: Final = {"sha256": b"\x02", "sha384": b"\x03", "sha512": b"\x04"}


def _hash_spellings(name: str) -> tuple[bytes, bytes]:
    """A hash's identifier without and with NULL parameters: both are in use."""
    return _HASH_OIDS[name], _HASH_OIDS[name] + _NULL


def _pss_spellings(name: str) -> list[bytes]:
    """PSS identifiers for a hash, with the same hash in MGF1 and a salt of its length."""
    salt = _tlv(0xA2, _tlv(0x02, bytes((HASHES[name].digest_size,))))
    spellings = [_tlv(0x30, spelling) for spelling in _hash_spellings(name)]
    return [
        _PSS + _tlv(0x30, _tlv(0xA0, own) + _tlv(0xA1, _tlv(0x30, _MGF1 + mask)) + salt)
        for own in spellings
        for mask in spellings
    ]


DIGEST_ALGORITHMS: Final[dict[bytes, str]] = {spelling: name for name in HASHES for spelling in _hash_spellings(name)}
SIGNATURE_ALGORITHMS: Final[dict[bytes, SignatureAlgorithm]] = (
    {_RSA + end + _NULL: SignatureAlgorithm("pkcs1", name) for name, end in _RSA_BY_HASH.items()}
    | {spelling: SignatureAlgorithm("pss", name) for name in HASHES for spelling in _pss_spellings(name)}
    | {_ECDSA + end: SignatureAlgorithm("ecdsa", name) for name, end in _ECDSA_BY_HASH.items()}
)


@lru_cache(maxsize=64)
def _family(kind: Any) -> str:
    """`rsa`, `ec` or nothing, for the class of a key (asking it each time takes as long as a hash)."""
    if issubclass(kind, rsa.RSAPublicKey):
        return "rsa"
    return "ec" if issubclass(kind, ec.EllipticCurvePublicKey) else ""


def key_check(key: Any) -> str:
    """The family (`rsa`, `ec`) of a public key; Refused `key_refused` unless it is RSA of 2048 to 8192 bits or on
    P-256 or P-384."""
    kind: Any = type(key)
    family = _family(kind)
    if family == "rsa":
        accepted = RSA_BITS[0] <= key.key_size <= RSA_BITS[1]
    else:
        accepted = family == "ec" and key.curve.name in CURVES
    if not accepted:
        raise Refused("key_refused", type(key).__name__ + (f", {key.key_size} bits" if family else ""))
    return family


def key_algorithm_check(key_algorithm: bytes, scheme: str, hash_name: str) -> None:
    """Refused `algorithm_refused` when a key made for PSS alone is to verify something else (RFC 4055, 1.2).

    `key_algorithm` is the AlgorithmIdentifier in the certificate, without tag and length; its parameters, if any, must
    be ours for that hash.
    """
    if key_algorithm.startswith(_PSS):
        is_restricted = key_algorithm != _PSS
        wanted = SignatureAlgorithm("pss", hash_name)
        if scheme != "pss" or (is_restricted and SIGNATURE_ALGORITHMS.get(key_algorithm) != wanted):
            raise Refused("algorithm_refused", "the key is for PSS alone")


def signature_verify(*, key: Any, scheme: str, hash_name: str, signature: bytes, signed: bytes) -> None:
    """Verifies a raw signature over `signed` (unhashed bytes) with a public key of the cryptography package.

    Refused `key_refused`, `algorithm_refused` when scheme and key do not go together, `signature_wrong`.
    """
    family = key_check(key)
    digest = HASHES[hash_name]
    if (family == "ec") != (scheme == "ecdsa"):
        raise Refused("algorithm_refused", f"{scheme} with {type(key).__name__}")
    try:
        if scheme == "pkcs1":
            key.verify(signature, signed, _PKCS1, digest)
        elif scheme == "pss":
            key.verify(signature, signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        else:
            key.verify(signature, signed, ec.ECDSA(digest))
    except InvalidSignature:
        raise Refused("signature_wrong") from None
