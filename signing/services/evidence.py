"""The evidence of one payment as a file (A-1, A-4): whoever holds it needs nothing else of ours to check it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC

from signing.evidence.collecting import evidence_parts
from signing.evidence.container import container_write
from signing.models import ElectronicPaymentDocument
from treasury.core import clock
from treasury.core.errors import Problem


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The file with the name it is saved under."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def evidence_export(*, document_ref: str, revision: int | None = None) -> EvidenceFile:
    """The evidence of a document's revision, of the newest one sealed when none is named.

    A pure reading: canonical bytes, signatures, certificates, the revocation lists in force at each token's moment,
    tokens, postings up to the digests of their days, what the apps above registered, and the log's proofs up to its
    newest head. Problem `document_unknown` (404) for what was never sealed.
    """
    rows = ElectronicPaymentDocument.objects.filter(document_ref=document_ref).order_by("-revision")
    sealed = (rows if revision is None else rows.filter(revision=revision)).first()
    if sealed is None:
        raise Problem("document_unknown", f"{document_ref} was never released with signatures", status=404)
    about = {
        "document_ref": sealed.document_ref,
        "revision": sealed.revision,
        "exported_at": clock.now().astimezone(UTC).isoformat(timespec="seconds"),
    }
    name = f"{sealed.document_ref.replace('/', '-')}-r{sealed.revision}.evidence.zip"
    return EvidenceFile(name, container_write(parts=evidence_parts(sealed), about=about))
