"""Everything that the evidence of one document is made of, out of the database; each token is verified on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography.hazmat.primitives.serialization import Encoding

from signing import content as contents
from signing.archive import archive
from signing.canonical import canonical
from signing.certificates import CertificateFacts, certificate_read
from signing.cms import message_read
from signing.crls import RevocationList
from signing.evidence.money import LEDGER_TYPE
from signing.evidence.registry import events_of, parts_of
from signing.evidence.renewal import heads_chosen, heads_over
from signing.log.entries import document_body, document_ref
from signing.log.tree import entry_of, inclusion
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogHead, Signature
from signing.paths import PathVerdict
from signing.timestamps.tokens import token_check
from treasury.core import clock
from treasury.ledger.proofs import posting_proofs


@dataclass
class Collection:
    """The parts as they come together, with the certificates and lists that they rest on."""

    parts: dict[str, bytes] = field(default_factory=dict)
    certificates: dict[bytes, CertificateFacts] = field(default_factory=dict)
    lists: dict[bytes, RevocationList] = field(default_factory=dict)

    def rests_on(self, certificate: CertificateFacts, path: PathVerdict) -> None:
        """Notes a certificate with its path and the lists that were asked."""
        for one in (certificate, *path.issuers):
            self.certificates[one.fingerprint] = one
        for found in path.lists:
            self.lists[found.sha256] = found

    def stamped(self, token: bytes, data: bytes, at: datetime) -> None:
        """Notes what a time token of a moment rests on, and what its issuers' lists say today."""
        trusted = archive()
        facts = token_check(token=token, data=data, store=trusted.store(at))
        self.rests_on(facts.certificate, facts.path)
        issuers = {one.subject_key for one in facts.path.issuers}
        for found in trusted.store(clock.now()).lists:
            if found.issuer_key in issuers:
                self.lists[found.sha256] = found


def evidence_parts(sealed: ElectronicPaymentDocument) -> dict[str, bytes]:
    """The parts of a sealed document's evidence by name; Refused when a signature or token of it does not hold."""
    collection = Collection()
    signatures = _signatures(sealed)
    collection.parts["document.json"] = document_body(sealed, signatures)
    for one in signatures:
        _signature(collection, one)
    reference = (sealed.document_ref, sealed.revision)
    proofs = posting_proofs(events_of(*reference))
    collection.parts["ledger.json"] = canonical({"typ": LEDGER_TYPE, **proofs})
    collection.parts |= parts_of(*reference)
    _log(collection, reference, [day["digest"] for day in proofs["days"]])
    for fingerprint, certificate in collection.certificates.items():
        collection.parts[f"certificates/{fingerprint.hex()}.pem"] = certificate.parsed.public_bytes(Encoding.PEM)
    for sha256, found in collection.lists.items():
        collection.parts[f"crls/{sha256.hex()}.pem"] = found.parsed.public_bytes(Encoding.PEM)
    return collection.parts


def _signatures(sealed: ElectronicPaymentDocument) -> list[Signature]:
    """The signatures of a document in the order of its seal."""
    rows = Signature.objects.select_related("body", "card").in_bulk(sealed.signature_ids)
    return [rows[pk] for pk in sealed.signature_ids]


def _signature(collection: Collection, one: Signature) -> None:
    """Content, message, bare signature and token of one signature, with what they rest on as of the token's moment."""
    message = bytes(one.message)
    raw = message_read(message).signature
    collection.parts |= {
        f"contents/{one.capacity}.json": contents.join(bytes(one.head), bytes(one.body.body)),
        f"signatures/{one.capacity}.p7s": message,
        f"signatures/{one.capacity}.sig": raw,
        f"tokens/{one.capacity}.tst": bytes(one.token),
    }
    certificate = certificate_read(bytes(one.card.certificate))
    collection.rests_on(certificate, archive().store(one.token_at).path_check(certificate, at=one.token_at))
    collection.stamped(bytes(one.token), raw, one.token_at)


def _log(collection: Collection, reference: tuple[str, int], digests: Iterable[str]) -> None:
    """The document's entry with its proof, the days', the heads with their tokens; nothing before the first head."""
    entry = entry_of(kind=EntryKind.DOCUMENT, ref=document_ref(*reference))
    heads = [] if entry is None else heads_over(entry.index)
    if entry is None or not heads:
        return
    days = [found for one in digests if (found := entry_of(kind=EntryKind.DAY, ref=one)) is not None]
    days = [one for one in days if one.index < heads[-1].size]
    sizes = heads_chosen(heads, [one.index for one in days])
    _prove(collection, entry, sizes[0], as_part="document.json")
    for one in days:
        _prove(collection, one, next(size for size in sizes if size > one.index))
    for before, size in pairwise(sizes):
        _prove(collection, LogEntry.objects.get(kind=EntryKind.HEAD_TOKEN, ref=str(before)), size)
    for head in LogHead.objects.filter(size__in=sizes):
        note, token = bytes(head.note), bytes(head.token)
        collection.parts |= {f"log/heads/{head.size}.note": note, f"log/heads/{head.size}.tst": token}
        collection.stamped(token, note, head.token_at)


def _prove(collection: Collection, entry: LogEntry, size: int, *, as_part: str = "") -> None:
    """An entry and the proof that it stands under a head."""
    name = as_part or f"log/entries/{entry.index}.json"
    proof = inclusion(index=entry.index, size=size).as_dict()
    collection.parts[name] = bytes(entry.body)
    proof_name = "document" if as_part else str(entry.index)
    collection.parts[f"log/proofs/{proof_name}.json"] = canonical({**proof, "entry": name})
