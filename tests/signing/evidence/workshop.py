"""Evidence files made by hand, right or wrong, of any year: authorities, cards, stamps, books and log of their own.

Nothing of the exporter is used, so that what it makes and what the verifiers take are compared with a third opinion.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.evidence.container import container_write
from signing.log import merkle
from signing.log.notes import Checkpoint, SignKey, note_make
from tests.signing import forge
from tests.signing.documents import document

AT = forge.AT
REF, NONCE = "0003010000/114/P0307-002", "N" * 43
TST_INFO, SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.16.2.47"
KEY = SignKey("tests.epay.localhost/log", bytes(range(32)))
CAPACITIES = ("accountant", "head", "releaser")
Change = Callable[[dict[str, bytes]], None]


def year(number: int, month: int = 1) -> datetime:
    return datetime(number, month, 1, tzinfo=UTC)


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def authority(name: str, valid: tuple[datetime, datetime], above: forge.Authority | None = None) -> forge.Authority:
    """A root, or an authority below another, of its own years."""
    own, subject = forge.key(name), forge.distinguished(name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(own.public_key())
        .serial_number(int(sha(name.encode())[:12], 16))
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .add_extension(forge.usage("key_cert_sign", "crl_sign"), critical=True)
    )
    if above:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(forge.CLASS_3), None)]
        builder = builder.add_extension(x509.CertificatePolicies(policies), critical=False)
    return forge.Authority(builder.sign(above.key if above else own, hashes.SHA256()), own)


def stamper(name: str, valid: tuple[datetime, datetime], above: forge.Authority, **given: Any) -> forge.Identity:
    """A timestamp authority's certificate; `usages` replaces the sole usage timeStamping."""
    own = forge.key(name)
    usages = given.get("usages", [x509.ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder()
        .subject_name(forge.distinguished(name))
        .issuer_name(above.certificate.subject)
        .public_key(own.public_key())
        .serial_number(int(sha(f"{name}{valid[0]}".encode())[:12], 16))
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(forge.usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=True)
        .sign(above.key, hashes.SHA256())
    )
    return forge.Identity(made, own)


def token(by: forge.Identity, data: bytes, at: datetime, **given: Any) -> bytes:
    """A time token over data, right unless told otherwise (`named`: which certificate its attribute names)."""
    moment = forge.tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
    imprint = forge.tlv(0x30, forge.algorithm(forge.SHA256), forge.tlv(0x04, hashlib.sha256(data).digest()))
    content = forge.tlv(0x30, forge.tlv(0x02, b"\x01"), forge.oid("1.2.3.4"), imprint, forge.tlv(0x02, b"\x07"), moment)
    named = hashlib.sha256(given.pop("named", by).der).digest()
    certificate = forge.tlv(0x30, forge.tlv(0x30, forge.tlv(0x30, forge.tlv(0x04, named))))
    attributes = [
        forge.attribute(forge.CONTENT_TYPE, forge.oid(TST_INFO)),
        forge.attribute(forge.MESSAGE_DIGEST, forge.tlv(0x04, hashlib.sha256(content).digest())),
        forge.attribute(SIGNING_CERTIFICATE, certificate),
    ]
    made: dict[str, Any] = {"version": 3, "content_type": forge.oid(TST_INFO), "embedded": content}
    return forge.message(by, content, **{**made, "attributes": attributes, **given})


@dataclass
class World:
    """Authorities and cards of the day of the sample: all of these end between 2027 and 2032."""

    root: forge.Authority
    gca: forge.Authority
    stamper: forge.Identity
    cards: dict[str, forge.Identity]

    def lists(self, at: datetime, number: int = 1) -> list[tuple[forge.Authority, bytes]]:
        """The revocation lists of root and authority, an hour old."""
        made = at - timedelta(hours=1)
        return [(one, one.crl(number, at=made)) for one in (self.root, self.gca)]


@cache
def _world() -> World:
    root = authority("舊根憑證", (year(2015), year(2032)))
    gca = authority("舊政府憑證", (year(2016), year(2031)), root)
    cards = {one: gca.issue(f"證據-{one}", valid=(year(2024), year(2030))) for one in CAPACITIES}
    return World(root, gca, stamper("時戳一", (year(2024), year(2027)), gca), cards)


def world() -> World:
    """The same every time, with nothing revoked."""
    made = _world()
    fresh = [forge.Authority(one.certificate, one.key) for one in (made.root, made.gca)]
    return World(*fresh, made.stamper, made.cards)


@dataclass
class Stamp:
    """One head to come: who stamps it and when, with the authorities above and their lists then."""

    by: forge.Identity
    at: datetime
    path: Sequence[forge.Authority]
    number: int = 1

    def lists(self) -> list[bytes]:
        return [one.crl(self.number, at=self.at - timedelta(hours=1)) for one in self.path]


@dataclass
class Workshop:
    """One evidence file in the making; `parts` may be changed by hand before it is sealed."""

    world: World = field(default_factory=world)
    stamps: list[Stamp] = field(default_factory=list)
    capacities: Sequence[str] = CAPACITIES
    document: dict[str, Any] = field(default_factory=document)
    bank: dict[str, Any] = field(default_factory=dict)
    signed: Mapping[str, Any] = field(default_factory=dict)
    at: datetime = AT
    parts: dict[str, bytes] = field(default_factory=dict)

    def made(self) -> "Workshop":
        """Fills every part in."""
        self.parts = {}
        told = []
        lists = [self._list(der) for _, der in self.world.lists(self.at)]
        for one in (self.world.root, self.world.gca):
            self._certificate(one)
        for capacity in self.capacities:
            told.append({**self._signature(capacity), "lists": lists})
        listed = [{name: one[name] for name in ("capacity", "content_sha256", "message_sha256")} for one in told]
        named = {"document_ref": REF, "revision": 1}
        digest = sha(canonical({"typ": "epay-voucher/1", **named, "signatures": listed}))
        logged = {"typ": "epay-log-document/1", **named, "digest": digest, "sealed_at": self._moment(self.at)}
        self.parts["document.json"] = canonical({**logged, "signatures": told})
        day = self._money()
        self._log(day)
        return self

    def sealed(self, change: Change | None = None) -> bytes:
        """The file; `change` works on the parts first, and the manifest is made to fit them."""
        parts = dict(self.parts)
        if change is not None:
            change(parts)
        about = {"document_ref": REF, "revision": 1, "exported_at": self._moment(self.at)}
        return container_write(parts=parts, about=about)

    def _signature(self, capacity: str) -> dict[str, Any]:
        content = self.content(capacity)
        card = self.world.cards[capacity]
        given = {"nonce": NONCE, "card_no": f"GC{capacity}", "at": self.at, **self.signed.get(capacity, {})}
        message = forge.message(given.pop("identity", card), given.pop("content", content), **given)
        raw = message[-256:]
        stamped = token(self.world.stamper, raw, self.at + timedelta(seconds=2))
        self.parts |= {
            f"contents/{capacity}.json": content,
            f"signatures/{capacity}.p7s": message,
            f"signatures/{capacity}.sig": raw,
            f"tokens/{capacity}.tst": stamped,
        }
        for one in (card, self.world.stamper):
            self._certificate(one)
        return {
            "capacity": capacity,
            "content_sha256": sha(content),
            "message_sha256": sha(message),
            "token_sha256": sha(stamped),
            "token_at": self._moment(self.at + timedelta(seconds=2)),
            "certificate": sha(card.der),
            "issuers": [sha(self.world.gca.der), sha(self.world.root.der)],
        }

    def content(self, capacity: str) -> bytes:
        """The canonical content for one signature."""
        head = {name: value for name, value in self.document.items() if name != "voucher"}
        head |= {"typ": "epay-voucher/1", "capacity": capacity, "nonce": NONCE, "statement_version": "1"}
        if capacity == "releaser":
            head["earlier"] = [sha(self.parts[f"signatures/{one}.p7s"]) for one in CAPACITIES[:2]]
        return canonical(head)[:-1] + b',"voucher":' + canonical(self.document["voucher"]) + b"}"

    def _money(self) -> dict[str, Any]:
        """Postings, bank and history; the digest of their day."""
        voucher = self.document["voucher"]
        total_twd, ref = voucher["total_twd"], f"{REF}#1"
        ground = "budget/114/3203012300"
        lines = {
            "reserve": [f"8201D{total_twd} {ground}", f"8202C{total_twd} {ground}"],
            "pay_by_remittance": [
                *(f"1101C{total_twd}", f"2101D{total_twd}"),
                *(f"8202D{total_twd} {ground}", f"8203C{total_twd} {ground}"),
            ],
        }
        previous = hashlib.sha256(b"chain\n0003010000\n114").digest()
        links: list[dict[str, Any]] = []
        hash_ = previous
        for place, event in enumerate(["reserve", "stranger", "pay_by_remittance", "stranger"]):
            at = int((self.at.timestamp() + place) * 1_000_000)
            said = [event, ref, "0003010000", "114", *lines.get(event, [])]
            link = {"fingerprint": sha("\n".join(said).encode()), "booked_on": "2025-03-07", "at": at}
            sealed = hash_ + bytes.fromhex(link["fingerprint"]) + f"2025-03-07\n{at}".encode()
            hash_ = hashlib.sha256(sealed).digest()
            links.append(
                {**link, "event_type": event, "event_ref": ref, "lines": lines[event]} if event in lines else link
            )
        heads = [["", 114, 9, sha(b"treasury")], ["0003010000", 114, 4, hash_.hex()]]
        text = "\n".join(["2025-03-07", *("|".join(map(str, head)) for head in heads)])
        digest = sha(bytes(32) + text.encode())
        day = {"on": "2025-03-07", "previous_digest": bytes(32).hex(), "digest": digest, "heads": heads}
        run = {"agency_code": "0003010000", "fiscal_year": 114, "first_seq": 1, "previous_hash": previous.hex()}
        runs = [{**run, "links": links, "digest": digest}]
        self.parts["ledger.json"] = canonical({"typ": "epay-evidence-ledger/1", "runs": runs, "days": [day]})
        payee = voucher["payee_lines"][0] if voucher["payee_lines"] else {}
        names = ("bank_code", "account_no", "account_name", "amount_twd")
        line = {"line_no": 1, "attempt": 1, "end_to_end_id": "114-1-1", "network": "fisc", "state": "credited"}
        paid = {**line, "earlier": [], **{name: payee[name] for name in names}}
        bank = {"instructions": [paid], "batches": [], "cheques": []} | self.bank
        self.parts["bank.json"] = canonical({"typ": "epay-evidence-bank/1", **bank})
        acts = [
            {"verb": "create", "source": "", "target": "draft", "at": "2025-03-07T01:00:00.000000+00:00"},
            {"verb": "submit", "source": "draft", "target": "in_review", "at": "2025-03-07T01:30:00.000000+00:00"},
        ]
        self.parts["history.json"] = canonical({"typ": "epay-evidence-history/1", "acts": acts})
        return day

    def _log(self, day: Mapping[str, Any]) -> None:
        """The log from its first entry on: strangers, the document, the day; then a head for each stamp."""
        logged = {"typ": "epay-log-day/1", "on": day["on"], "digest": day["digest"], "chains": 2}
        entries = [("", b"a stranger's"), ("document.json", self.parts["document.json"])]
        entries += [("log/entries/2.json", canonical(logged)), ("", b"another's")]
        sizes: list[int] = []
        proved: dict[str, tuple[int, int]] = {}
        for stamp in self.stamps:
            size = len(entries)
            leaves = [merkle.leaf_hash(body) for _, body in entries]
            root = _root(leaves)
            note = note_make(Checkpoint(KEY.name, size, root), [KEY])
            stamped = token(stamp.by, note, stamp.at)
            self.parts |= {f"log/heads/{size}.note": note, f"log/heads/{size}.tst": stamped}
            for place, (name, body) in enumerate(entries):
                if name and name not in proved:
                    proved[name] = (place, size)
                    self._proof(name, body, place, size, leaves)
            sizes.append(size)
            for one in (stamp.by, *stamp.path):
                self._certificate(one)
            token_entry = {
                "typ": "epay-log-head-token/1",
                "size": size,
                "root": root.hex(),
                "note_sha256": sha(note),
                "token_sha256": sha(stamped),
                "certificates": [sha(one.der) for one in (stamp.by, *stamp.path)],
                "lists": [self._list(der) for der in stamp.lists()],
            }
            entries += [(f"log/entries/{size}.json", canonical(token_entry)), ("", b"more of others")]

    def _proof(self, name: str, body: bytes, place: int, size: int, leaves: Sequence[bytes]) -> None:
        path = [_root(leaves[start:end]).hex() for start, end in merkle.inclusion_ranges(place, size)]
        file = "document" if name == "document.json" else str(place)
        self.parts[name] = body
        self.parts[f"log/proofs/{file}.json"] = canonical({"entry": name, "index": place, "size": size, "hashes": path})

    def _certificate(self, one: forge.Identity) -> None:
        self.parts[f"certificates/{sha(one.der)}.pem"] = one.certificate.public_bytes(Encoding.PEM)

    def _list(self, der: bytes) -> str:
        self.parts[f"crls/{sha(der)}.pem"] = x509.load_der_x509_crl(der).public_bytes(Encoding.PEM)
        return sha(der)

    @staticmethod
    def _moment(at: datetime) -> str:
        return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves, by the definition."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()
