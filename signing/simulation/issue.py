"""`python -m signing.simulation.issue --pki DIR --cards DIR [REQUESTS]`: issues cards in bulk.

REQUESTS (or standard input) holds one JSON object a line: `agency_code`, `agency_name`, `capacity`, `holder`, and if
wanted `issuer` (GCA, XCA, MOICA), `years`, `pin`, `user_code`, `id_last4`, `sequence`. Each answer is one line of
JSON with `card_no`, `certificate` (base64 DER), `pin`, what was asked, and `is_new`: a card that is there already and
valid today is handed out again. By the way revocation lists older than a day are issued anew. `--encipherment` adds
the second key pair (it costs as much as the first).
"""

import argparse
import base64
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.simulation.authorities import Pki
from signing.simulation.cards import CardFile, card_read, card_write
from signing.simulation.issuance import CardRequest, certificate_issue
from treasury.core import clock


def main(arguments: list[str] | None = None) -> None:
    """Issues what is asked for; answers in the order of the requests."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.issue", description=__doc__)
    parser.add_argument("--pki", type=Path, required=True, help="folder of the authorities; made when missing")
    parser.add_argument("--cards", type=Path, required=True, help="folder of the cards")
    parser.add_argument("--encipherment", action="store_true", help="make the second key pair, too")
    parser.add_argument("--at", type=datetime.fromisoformat, help="moment (ISO 8601 with offset) instead of now")
    parser.add_argument("requests", nargs="?", type=argparse.FileType("r"), default=sys.stdin)
    given = parser.parse_args(arguments)
    now = given.at or clock.now()
    authorities = Pki(given.pki)
    authorities.make(now)
    authorities.keep_fresh(now)
    requests = [CardRequest(**json.loads(line)) for line in given.requests if line.strip()]
    for answer in cards_issue(given.pki, given.cards, requests, now, encipherment=given.encipherment):
        print(json.dumps(answer, ensure_ascii=False))


def cards_issue(
    pki: Path, cards: Path, requests: list[CardRequest], now: datetime, *, encipherment: bool
) -> list[dict[str, Any]]:
    """Issues cards on all cores (making RSA keys is what takes time); one answer per request."""
    known = {request: _usable(cards, request, now) for request in requests}
    missing = [request for request in known if known[request] is None]
    workers = min(len(missing), os.cpu_count() or 1)
    if workers > 1:
        with ProcessPoolExecutor(workers, initializer=_prepare, initargs=(pki, cards, now, encipherment)) as pool:
            made = dict(zip(missing, pool.map(_issue, missing, chunksize=4), strict=True))
    else:
        _prepare(pki, cards, now, encipherment)
        made = {request: _issue(request) for request in missing}
    answers = []
    for request in requests:
        card = known[request]
        facts = made[request] if card is None else card.facts
        answers.append(
            asdict(request) | {"card_no": facts["card_no"], "certificate": facts["certificate"], "is_new": card is None}
        )
    return answers


def _usable(cards: Path, request: CardRequest, now: datetime) -> CardFile | None:
    """The card of a request that exists and is valid now, whatever its sequence number."""
    sequence = request.sequence
    while (card := card_read(cards, replace(request, sequence=sequence).card_no)) is not None:
        if card.is_valid(now):
            return card
        sequence += 1
    return None


_place: dict[str, Any] = {}


def _prepare(pki: Path, cards: Path, now: datetime, encipherment: bool) -> None:
    """What every worker process needs."""
    folder = Pki(pki)
    _place.update(cards=cards, now=now, encipherment=encipherment, pki=folder, issuers={})


def _issue(request: CardRequest) -> dict[str, Any]:
    """Makes one card; returns what its file says openly."""
    while card_read(_place["cards"], request.card_no) is not None:
        request = replace(request, sequence=request.sequence + 1)
    name = request.issuer.lower()
    issuer = _place["issuers"].get(name) or _place["issuers"].setdefault(name, _place["pki"].issuer(name))
    on = _place["now"].astimezone(clock.ZONE).date()
    facts: dict[str, Any] = {"card_no": request.card_no, "issuer": request.issuer, "holder": request.holder}
    keys = {"certificate": rsa.generate_private_key(65537, 2048)}
    if _place["encipherment"]:
        keys["encipherment"] = rsa.generate_private_key(65537, 2048)
    for part, key in keys.items():
        certificate = certificate_issue(issuer, request, key.public_key(), on=on, signing=part == "certificate")
        facts[part] = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    facts |= {"agency_code": request.agency_code, "capacity": request.capacity}
    card_write(_place["cards"], facts=facts, keys=keys, pin=request.pin, user_code=request.user_code)
    return facts


if __name__ == "__main__":
    main()
