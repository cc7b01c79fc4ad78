"""The signed part of an evidence file: three signatures over one voucher, each as of the moment of its token."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from signing import content as contents
from signing.binding import TIME_TOLERANCE
from signing.canonical import read
from signing.gate import Signer, gate_pass
from signing.log.entries import DOCUMENT_TYPE
from signing.paths import TrustStore
from signing.refusals import Refused
from signing.timestamps.tokens import TokenFacts, token_check

_DIGESTS: Final = ("content_sha256", "message_sha256", "token_sha256")


@dataclass(frozen=True, slots=True)
class SignedPart:
    """One signature of the file as it stands there: what the document says of it, its bytes, its content split."""

    told: dict[str, Any]
    content: bytes
    message: bytes
    raw: bytes
    token: bytes
    split: contents.Content

    @property
    def capacity(self) -> str:
        """In which capacity it was given."""
        return str(self.told["capacity"])


@dataclass(frozen=True, slots=True)
class Paper:
    """The document with its signatures."""

    document_ref: str
    revision: int
    parts: tuple[SignedPart, ...]


def part_names(capacity: str) -> tuple[str, ...]:
    """The parts of one signature: content, message, bare signature value, time token."""
    return (
        f"contents/{capacity}.json",
        f"signatures/{capacity}.p7s",
        f"signatures/{capacity}.sig",
        f"tokens/{capacity}.tst",
    )


def paper_read(manifest: dict[str, Any], parts: dict[str, bytes]) -> Paper:
    """The document with its signatures, their digests compared; Refused `evidence_differs` where they do not agree."""
    document = read(parts["document.json"])
    reference = (manifest["document_ref"], manifest["revision"])
    if (document["typ"], document["document_ref"], document["revision"]) != (DOCUMENT_TYPE, *reference):
        raise Refused("evidence_differs", "the document is not the one of the manifest")
    found = tuple(_part(told, parts) for told in document["signatures"])
    if tuple(one.capacity for one in found) not in (contents.CAPACITIES, contents.CAPACITIES[:2]):
        raise Refused("document_incomplete")
    listed = [{name: one.told[name] for name in ("capacity", *_DIGESTS[:2])} for one in found]
    if contents.document_digest(*reference, listed).hex() != document["digest"]:
        raise Refused("evidence_differs", "the document's digest is not that of its signatures")
    return Paper(*reference, found)


def _part(told: dict[str, Any], parts: dict[str, bytes]) -> SignedPart:
    content, message, raw, token = (parts[name] for name in part_names(told["capacity"]))
    digests = [hashlib.sha256(part).hexdigest() for part in (content, message, token)]
    if digests != [told[name] for name in _DIGESTS]:
        raise Refused("evidence_differs", f"what the {told['capacity']} signed is not what was sealed")
    return SignedPart(told, content, message, raw, token, contents.split(content))


def time_check(one: SignedPart, store: TrustStore) -> TokenFacts:
    """The token over the bare signature, verified as of its own moment."""
    return token_check(token=one.token, data=one.raw, store=store)


def signature_check(one: SignedPart, paper: Paper, store: TrustStore, stamped: TokenFacts) -> Signer:
    """The whole gate over one signature as of its token's moment; Refused with the first thing that is wrong."""
    head = one.split.head
    if (head.document_ref, head.revision, head.capacity) != (paper.document_ref, paper.revision, one.capacity):
        raise Refused("content_of_other_document", f"{head.document_ref} r{head.revision} {head.capacity}")
    at = stamped.generated_at
    signer = gate_pass(store=store, content=one.content, message=one.message, at=at)
    if signer.message.signature != one.raw:
        raise Refused("evidence_differs", "the bare signature is not the one in the message")
    if signer.message.nonce not in (None, head.nonce):
        raise Refused("nonce_of_other_use")
    if abs(signer.message.signing_time - at) > TIME_TOLERANCE:
        raise Refused("signing_time_off", f"{signer.message.signing_time.isoformat()} / {at.isoformat()}")
    used = [found.fingerprint.hex() for found in (signer.certificate, *signer.path.issuers)]
    lists = {found.sha256.hex() for found in signer.path.lists}
    if (used, lists) != ([one.told["certificate"], *one.told["issuers"]], set(one.told["lists"])):
        raise Refused("evidence_differs", "certificates or lists are not those that were logged")
    return signer


def together_check(paper: Paper, signers: list[Signer]) -> dict[str, Any]:
    """The voucher that all signed; Refused unless it is one, signers and keys distinct, and each message named by the
    releaser's content."""
    first = paper.parts[0]
    heads = [one.split.head for one in paper.parts]
    if len({(one.split.body_sha256, one.split.head.treasury) for one in paper.parts}) != 1:
        raise Refused("document_differs")
    if len({one.certificate.spki_sha256 for one in signers}) != len(paper.parts):
        raise Refused("signer_not_distinct")
    before = tuple(one.told["message_sha256"] for one in paper.parts[:2])
    if any(head.earlier != (before if head.capacity == "releaser" else ()) for head in heads):
        raise Refused("earlier_signatures")
    return contents.body_read(first.split.body)
