"""`python -m signing.simulation.issue --pki DIR --cards DIR [REQUESTS]`: issues cards in bulk.

REQUESTS (or standard input) holds one JSON object a line: `agency_code`, `agency_name`, `capacity`, `holder`, and if
wanted `issuer` (GCA, XCA, MOICA), `years`, `pin`, `user_code`, `id_last4`, `sequence`. Each answer is one line of
JSON with `card_no`, `certificate` (base64 DER), `pin`, what was asked, and `is_new`: a card that is there already and
valid today is handed out again. By the way revocation lists older than a day are issued anew. `--encipherment` adds
the second key pair (it costs as much as the first); `--module` puts each card on a new token of a PKCS#11 module.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.simulation.authorities import Issuer, Pki
from signing.simulation.backends import CardBackend, backend_of
from signing.simulation.cards import Card, card_read
from signing.simulation.issuance import CardRequest, certificate_issue
from treasury.core import clock


def main(arguments: list[str] | None = None) -> None:
    """Issues what is asked for; answers in the order of the requests."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.issue", description=__doc__)
    parser.add_argument("--pki", type=Path, required=True, help="folder of the authorities; made when missing")
    parser.add_argument("--cards", type=Path, required=True, help="folder of the cards")
    parser.add_argument("--module", default="", help="library of a PKCS#11 module; card files without")
    parser.add_argument("--encipherment", action="store_true", help="make the second key pair, too")
    parser.add_argument("--at", type=datetime.fromisoformat, help="moment (ISO 8601 with offset) instead of now")
    parser.add_argument("requests", nargs="?", type=argparse.FileType("r"), default=sys.stdin)
    given = parser.parse_args(arguments)
    now = given.at or clock.now()
    authorities = Pki(given.pki)
    authorities.make(now)
    authorities.keep_fresh(now)
    requests = [CardRequest(**json.loads(line)) for line in given.requests if line.strip()]
    place = Place(given.pki, given.cards, given.module, now, encipherment=given.encipherment)
    for answer in cards_issue(place, requests):
        print(json.dumps(answer, ensure_ascii=False))


@dataclass(frozen=True)
class Place:
    """Where cards are made: the authorities' folder, the cards' folder, the module with their keys, and when."""

    pki: Path
    cards: Path
    module: str
    now: datetime
    encipherment: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The key pairs of a card."""
        return ("certificate", "encipherment") if self.encipherment else ("certificate",)


def cards_issue(place: Place, requests: list[CardRequest]) -> list[dict[str, Any]]:
    """Issues cards on all cores (making RSA keys is what takes time); one answer per request."""
    backend = backend_of(place.cards, place.module)
    known = {request: _usable(backend, request, place.now) for request in requests}
    missing = [request for request in known if known[request] is None]
    workers = min(len(missing), os.cpu_count() or 1)
    if workers > 1:
        # A PKCS#11 module does not survive a fork.
        begun = get_context("spawn" if place.module else None)
        with ProcessPoolExecutor(workers, begun, _prepare, (place,)) as pool:
            made = dict(zip(missing, pool.map(_issue, missing, chunksize=4), strict=True))
    else:
        _prepare(place)
        made = {request: _issue(request) for request in missing}
    answers = []
    for request in requests:
        card = known[request]
        facts = made[request] if card is None else card.facts
        answers.append(
            asdict(request) | {"card_no": facts["card_no"], "certificate": facts["certificate"], "is_new": card is None}
        )
    return answers


def _usable(backend: CardBackend, request: CardRequest, now: datetime) -> Card | None:
    """The card of a request that exists and is valid now, whatever its sequence number."""
    sequence = request.sequence
    while (card := card_read(backend.folder, replace(request, sequence=sequence).card_no)) is not None:
        if card.is_valid(now) and backend.holds(card):
            return card
        sequence += 1
    return None


class _Worker:
    """What a process that makes cards has at hand."""

    place: Place
    backend: CardBackend
    issuers: dict[str, Issuer]


def _prepare(place: Place) -> None:
    """What every worker process needs."""
    _Worker.place, _Worker.backend, _Worker.issuers = place, backend_of(place.cards, place.module), {}


def _issue(request: CardRequest) -> dict[str, Any]:
    """Makes one card; returns what its file says openly."""
    place = _Worker.place
    while card_read(place.cards, request.card_no) is not None:
        request = replace(request, sequence=request.sequence + 1)
    name = request.issuer.lower()
    issuer = _Worker.issuers.get(name) or _Worker.issuers.setdefault(name, Pki(place.pki).issuer(name))
    on = place.now.astimezone(clock.ZONE).date()

    def certify(part: str, key: rsa.RSAPublicKey) -> bytes:
        certificate = certificate_issue(issuer, request, key, on=on, signing=part == "certificate")
        return certificate.public_bytes(serialization.Encoding.DER)

    facts = {
        "card_no": request.card_no,
        "issuer": request.issuer,
        "holder": request.holder,
        "agency_code": request.agency_code,
        "capacity": request.capacity,
    }
    return _Worker.backend.issue(
        facts=facts, parts=place.parts, pin=request.pin, user_code=request.user_code, certify=certify
    )


if __name__ == "__main__":
    main()
