"""Valid messages and certificates changed at random: none is accepted, none stumbles over anything but a refusal."""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from signing.cms import message_read
from signing.gate import gate_pass
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT, tlv
from tests.signing.messages import ACCEPTED, CONTENT, SIGNER, store
from tests.signing.mutation import STEPS, Node, Step, mutate, parse
from tests.tally import Tally

# What the parsers murmur about names without letters and numbers below zero, before they are refused
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
ATTRIBUTES = {"nonce": "n" * 43, "card_no": "GC00000000000001"}
BASES = [
    forge.message(**{"signer": SIGNER, "content": CONTENT, **ATTRIBUTES, **ACCEPTED[name]})
    for name in ("plain", "pss", "p256", "p384")
]


def spellings(base: bytes) -> set[bytes]:
    """The message itself, and those that differ in the NULL of a hash's identifier, which RFC 5754 leaves open."""
    root = parse(base)
    data = root.children[1].children[0]
    outside, signer = data.children[1], data.children[-1].children[0]
    hashes = [one for part in (outside, signer.children[2], signer.children[4]) for one in _hashes(part)]
    found = set()
    for with_null in product((True, False), repeat=len(hashes)):
        for one, null in zip(hashes, with_null, strict=True):
            one.children[1:] = [parse(b"\x05\x00")] if null else []
        found.add(root.der())
    return found


def _hashes(node: Node) -> list[Node]:
    """The identifiers of SHA-2 in an element."""
    own = [node] if node.children and node.children[0].content.startswith(SHA_2) else []
    return own + [found for child in node.children for found in _hashes(child)]


SHA_2 = bytes.fromhex("608648016503040200")[:-1]
KNOWN = store()
SIGNATURE = message_read(forge.message(SIGNER, CONTENT)).signature
SAME = set().union(*map(spellings, BASES))


def refused_of(examples: int, made: Callable[[int, list[Step]], bytes]) -> Counter[str]:
    """The codes with which so many mutants are refused; `ok` for what passes the whole gate."""
    codes: Counter[str] = Counter()

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(BASES) - 1), STEPS)
    def attack(base: int, steps: list[Step]) -> None:
        message = made(base, steps)
        assume(message not in SAME)
        try:
            gate_pass(store=KNOWN, content=CONTENT, message=message, at=AT)
            codes["ok"] += 1
        except Refused as refused:
            codes[refused.code] += 1

    attack()
    return codes


def changed_message(base: int, steps: list[Step]) -> bytes:
    """A message changed after it was signed."""
    return mutate(BASES[base], steps)


def changed_certificate(base: int, steps: list[Step]) -> bytes:
    """A message rightly signed, with a changed certificate that it names rightly: only the path can tell."""
    der = mutate(SIGNER.der, steps)
    given: dict[str, Any] = {"certificates": [der]}
    assume(der != SIGNER.der)
    try:
        fields = parse(der).children[0].children
        given["identifier"] = tlv(0x30, fields[3].der(), fields[1].der())
    except IndexError:
        assume(False)
    return forge.message(SIGNER, CONTENT, signature=SIGNATURE, **given)


RUNS = [2_000, pytest.param(20_000, marks=pytest.mark.nightly)]


@pytest.mark.threat("message-mutated")
@pytest.mark.parametrize("examples", RUNS)
def test_no_mutant_of_a_message_is_accepted(examples: int, tally: Tally) -> None:
    codes = refused_of(examples, changed_message)

    tally("mutated messages refused", codes.total() - codes["ok"], codes.total())
    assert (codes["ok"], codes.total()) == (0, examples)
    assert len(codes) > 12, "the mutants get into every part of the gate"


@pytest.mark.threat("certificate-mutated")
@pytest.mark.parametrize("examples", [500, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_no_mutant_of_a_certificate_is_accepted(examples: int, tally: Tally) -> None:
    codes = refused_of(examples, changed_certificate)

    tally("mutated certificates refused", codes.total() - codes["ok"], codes.total())
    assert (codes["ok"], codes.total()) == (0, examples)
    assert codes["path_invalid"] > 0 and codes["certificate_malformed"] > 0
