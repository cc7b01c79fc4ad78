"""Trust stores of the simulated authorities for the tests of paths, and what a store says of a certificate."""

from collections.abc import Sequence
from datetime import datetime

from signing.certificates import CertificateFacts, certificate_read
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT


def facts(identity: forge.Identity) -> CertificateFacts:
    return certificate_read(identity.der)


def store(authorities: forge.Pki, lists: Sequence[bytes]) -> TrustStore:
    below = [facts(one) for one in authorities.authorities.values()]
    return TrustStore([facts(authorities.root)], below, [RevocationList(one) for one in lists])


def code_of(known: TrustStore, identity: forge.Identity, at: datetime = AT, **given: object) -> str:
    try:
        known.path_check(facts(identity), at=at, **given)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.code
    return "ok"
