"""The gate: what a signature must pass before anything is believed (design: steps 1 to 6, in this order).

1 and 2 are `cms.message_read`. 3: the content comes from our own database and is an argument here. 4: exactly one
certificate is the signer's. 5: digest and signature. 6: path, policy, key usage and revocation. Steps 7 to 9 (card,
nonce, what is stored) need the database and are in `services`.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from signing.algorithms import DIGEST_ALGORITHMS, SIGNATURE_ALGORITHMS, key_algorithm_check, signature_verify
from signing.certificates import CertificateFacts, certificate_read
from signing.cms import Message, SignedData, message_read
from signing.paths import CARD_POLICY, PathPolicy, PathVerdict, TrustStore
from signing.refusals import Refused


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the message as read, the certificate whose key verifies it, the path that was valid."""

    message: Message
    certificate: CertificateFacts
    path: PathVerdict


def gate_pass(
    *,
    store: TrustStore,
    content: bytes,
    message: bytes,
    at: datetime,
    policy: PathPolicy = CARD_POLICY,
    use_message_certificates: bool = False,
) -> Signer:
    """Verifies a message (DER) over content as of a moment; Refused with the first thing that is wrong.

    `use_message_certificates` lets the message's own certificates take part in building the path; the product knows
    its authorities and does without.
    """
    read, certificate = signature_check(content=content, message=message)
    if not certificate.signs:
        raise Refused("key_usage", certificate.subject)
    extra = [certificate_read(one) for one in read.certificates] if use_message_certificates else []
    return Signer(read, certificate, store.path_check(certificate, at=at, policy=policy, extra=extra))


def signature_check(*, content: bytes, message: bytes) -> tuple[Message, CertificateFacts]:
    """Steps 1 to 5: the message verifies over the content with the key of one certificate in it.

    Nothing is said of that certificate's standing. Refused with the first thing that is wrong.
    """
    read = message_read(message)
    return read, signer_check(read, content=content)


def signer_check(read: SignedData, *, content: bytes) -> CertificateFacts:
    """Steps 4 and 5 for what was read: the certificate whose key verifies the signature over the content."""
    certificate = _certificate(read)
    hash_name = DIGEST_ALGORITHMS.get(read.digest_algorithm)
    algorithm = SIGNATURE_ALGORITHMS.get(read.signature_algorithm)
    if hash_name is None or algorithm is None:
        raise Refused("algorithm_refused")
    if algorithm.hash_name not in ("", hash_name):
        raise Refused("algorithms_differ", f"{hash_name} and {algorithm.hash_name}")
    key_algorithm_check(certificate.key_algorithm, algorithm.scheme, hash_name)
    if hashlib.new(hash_name, content).digest() != read.message_digest:
        raise Refused("digest_differs")
    signature_verify(
        key=certificate.public_key,
        scheme=algorithm.scheme,
        hash_name=hash_name,
        signature=read.signature,
        signed=read.signed_bytes,
    )
    return certificate


def _certificate(read: SignedData) -> CertificateFacts:
    """The one certificate with the signer's issuer and serial, compared as bytes.

    The others are not asked, but every reader must be able to read what we accept.
    """
    known = [certificate_read(one) for one in read.certificates]
    matching = [one for one in known if one.name == read.signer]
    if len(known) > 1 and not all(one.is_whole for one in known):
        raise Refused("certificate_malformed")
    if not matching:
        raise Refused("certificate_missing")
    if len(matching) > 1:
        raise Refused("certificate_ambiguous")
    return matching[0]
