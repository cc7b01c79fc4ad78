"""The transparency log over the API: heads, hashes, proofs; an agency reads what was logged of its own documents."""

import base64
import json

import pytest
from pytest_django import Settings

from signing.log import merkle
from signing.log.heads import head_make
from signing.log.notes import SignKey, note_read
from signing.models import LogHead
from tests.api.system import System
from tests.factories import Desk
from tests.vouchers.examples import remittance
from tools.verify_log import Head, check_consistency
from vouchers.models import Voucher

KEY = SignKey("log.example/epay", b"k" * 32)


@pytest.fixture
def heads(desk: Desk, settings: Settings) -> list[LogHead]:
    """Two released vouchers and the books under a first head, a second head behind it."""
    settings.LOG_KEY = KEY.line
    for number in ("P0310-001", "P0310-002"):
        desk.brought("released", remittance() | {"number": number})
    made = [head_make(), head_make()]
    return [head for head in made if head is not None]


def test_heads_are_read_in_order_and_kept(system: System, heads: list[LogHead]) -> None:
    first = system.get("/log/heads?limit=1").json
    rest = system.get(f"/log/heads?cursor={first['next_cursor']}").json

    (head,) = first["items"]
    assert head["size"] == heads[0].size and head["keys"] == [KEY.check.line]
    assert note_read(head["note"].encode()).root.hex() == head["root"]
    assert base64.b64decode(head["token"]) == bytes(heads[0].token)
    assert [one["size"] for one in rest["items"]] == [heads[1].size]
    assert system.get("/log/heads/latest").json == rest["items"][0] == system.get(f"/log/heads/{heads[1].size}").json
    assert system.get("/log/heads/999").code == "log_size_unknown"


def test_before_the_first_head_there_is_nothing_to_prove(system: System) -> None:
    assert system.get("/log/heads/latest").code == "log_size_unknown"
    assert system.get("/log/consistency").code == "log_size_unknown"
    assert system.get("/log/inclusion?index=0").code == "log_entry_unknown"


def test_an_agency_reads_bodies_of_its_own_documents_and_hashes_of_all(
    system: System, other_system: System, heads: list[LogHead]
) -> None:
    own, others = system.get("/log/entries").json, other_system.get("/log/entries").json

    assert own["size"] == others["size"] == 3
    assert [one["kind"] for one in own["items"]] == ["document", "document", "head_token"]
    assert [one["body"] is not None for one in own["items"]] == [True, True, False]
    assert [one["body"] for one in others["items"]] == [None] * 3
    assert [one["leaf_hash"] for one in own["items"]] == [one["leaf_hash"] for one in others["items"]]
    for one in own["items"][:2]:
        assert merkle.leaf_hash(one["body"].encode()).hex() == one["leaf_hash"]
    assert [one["index"] for one in system.get("/log/entries?start=1&limit=1").json["items"]] == [1]


def test_a_document_is_proved_to_its_own_agency(system: System, other_system: System, heads: list[LogHead]) -> None:
    voucher = Voucher.objects.order_by("pk")[0]
    asked = f"/log/inclusion?document_ref={voucher.reference}"

    proof = system.get(asked).json

    assert json.loads(proof["body"])["document_ref"] == voucher.reference
    leaf, hashes = bytes.fromhex(proof["leaf_hash"]), [bytes.fromhex(one) for one in proof["hashes"]]
    root = merkle.inclusion_root(index=proof["index"], size=proof["size"], leaf=leaf, proof=hashes)
    assert root.hex() == proof["root"] == bytes(heads[-1].root).hex()
    assert system.get(f"{asked}&revision=1&size={heads[0].size}").json["size"] == heads[0].size
    assert system.get(f"{asked}&revision=2").code == "log_entry_unknown"
    assert other_system.get(asked).code == "log_entry_unknown"


def test_a_place_is_proved_to_everybody_without_what_stands_there(other_system: System, heads: list[LogHead]) -> None:
    proof = other_system.get("/log/inclusion?index=1").json

    assert (proof["index"], proof["body"]) == (1, None)
    assert other_system.get("/log/inclusion?index=7").code == "log_entry_unknown"
    assert other_system.get(f"/log/inclusion?index=2&size={heads[0].size}").code == "log_entry_unknown"


def test_two_heads_are_proved_to_be_of_one_log(system: System, heads: list[LogHead]) -> None:
    old, new = heads

    proof = system.get(f"/log/consistency?old={old.size}").json

    assert (proof["old"], proof["size"]) == (old.size, new.size)
    kept, newer = (Head("log", head.size, bytes(head.root)) for head in heads)
    check_consistency(kept, newer, [bytes.fromhex(one) for one in proof["hashes"]])
    assert system.get("/log/consistency?old=2&size=1").code == "log_size_unknown"
    assert system.get("/log/consistency?old=1&size=99").code == "log_size_unknown"


def test_the_scope_is_asked_for(system_with: object) -> None:
    system = system_with("vouchers:read")  # type: ignore[operator]

    assert system.get("/log/heads").code == "scope_missing"
