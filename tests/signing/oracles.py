"""Two other readers of CMS for the tests to ask: asn1crypto, and OpenSSL as a process. The product uses neither."""

import hashlib
import subprocess
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.signing import forge

PEM = serialization.Encoding.PEM
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def read_by_asn1crypto(message: bytes, content: bytes) -> str:
    """The serial number of the certificate whose key verifies a message, by asn1crypto's reading of all its fields.

    Every field is read: what it cannot read is an error; AssertionError, InvalidSignature for what does not fit.
    """
    info = cms.ContentInfo.load(message, strict=True)
    assert info["content_type"].native == "signed_data"
    data = info["content"]
    assert data.native is not None
    (signer,) = data["signer_infos"]
    attributes = {one["type"].native: list(one["values"]) for one in signer["signed_attrs"]}
    digest = signer["digest_algorithm"]["algorithm"].native
    assert attributes["content_type"][0].native == "data"
    assert attributes["message_digest"][0].native == hashlib.new(digest, content).digest()
    wanted = signer["sid"].chosen
    (certificate,) = [
        one.chosen
        for one in data["certificates"]
        if one.chosen.issuer == wanted["issuer"] and one.chosen.serial_number == wanted["serial_number"].native
    ]
    key = x509.load_der_x509_certificate(certificate.dump()).public_key()
    _verify(key, signer, signer["signed_attrs"].untag().dump(), _HASHES[digest])
    return f"{certificate.serial_number:x}"


def _verify(key: object, signer: cms.SignerInfo, signed: bytes, digest: hashes.HashAlgorithm) -> None:
    signature, how = signer["signature"].native, signer["signature_algorithm"]
    if isinstance(key, ec.EllipticCurvePublicKey):
        assert how.signature_algo == "ecdsa"
        key.verify(signature, signed, ec.ECDSA(digest))
        return
    assert isinstance(key, rsa.RSAPublicKey)
    if how.signature_algo == "rsassa_pss":
        salt = how["parameters"]["salt_length"].native
        key.verify(signature, signed, padding.PSS(padding.MGF1(digest), salt), digest)
    else:
        key.verify(signature, signed, padding.PKCS1v15(), digest)


class OpenSsl:
    """`openssl cms -verify` with files in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.message, self.content, self.trust = folder / "message", folder / "content", folder / "trust.pem"

    def trusting(self, pki: forge.Pki) -> "OpenSsl":
        """Itself with these authorities and their lists."""
        authorities = (pki.root, *pki.authorities.values())
        lists = [x509.load_der_x509_crl(one.crl()) for one in authorities]
        parts = [one.certificate.public_bytes(PEM) for one in authorities] + [one.public_bytes(PEM) for one in lists]
        self.trust.write_bytes(b"".join(parts))
        return self

    def answer(self, message: bytes, content: bytes) -> str:
        """Nothing when it accepts a message over content, path and revocation included; else what it says."""
        trust = ["-CAfile", self.trust, "-crl_check_all", "-purpose", "any"]
        return self._verify(message, content, *trust, "-attime", str(int(forge.AT.timestamp())))

    def answer_on_signature(self, message: bytes, content: bytes) -> str:
        """The same of the signature alone, whoever made it."""
        return self._verify(message, content, "-noverify")

    def _verify(self, message: bytes, content: bytes, *how: object) -> str:
        self.message.write_bytes(message)
        self.content.write_bytes(content)
        asked = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-out", "/dev/null")
        command = [str(part) for part in (*asked, "-in", self.message, "-content", self.content, *how)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stderr
