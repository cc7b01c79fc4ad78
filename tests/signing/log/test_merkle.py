"""The tree's hashes and proofs against the plain recomputation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.log import merkle
from tests.signing.log import plain_tree
from tools.verify_log import Head, check_consistency

BODIES = [f"entry {number}".encode() for number in range(70)]


def grow(sizes: list[int]) -> dict[merkle.Node, bytes]:
    """The hashes of every complete subtree, the entries appended in the portions that the sizes leave."""
    hashes: dict[merkle.Node, bytes] = {}
    for start, end in pairwise([0, *sizes]):
        edge = merkle.Edge(start, [hashes[node] for node in merkle.covering(0, start)])
        for place in range(start, end):
            leaf = merkle.leaf_hash(BODIES[place])
            hashes |= {(0, place): leaf, **dict(edge.append(leaf))}
        assert edge.root == plain_tree.root(BODIES[:end])
    return hashes


HASHES = grow([70])
sizes = st.integers(0, 70)


@pytest.mark.parametrize("size", range(71))
def test_every_root_is_the_one_of_the_definition(size: int) -> None:
    assert merkle.range_hash((0, size), HASHES) == plain_tree.root(BODIES[:size])


@given(st.lists(sizes, max_size=5))
def test_a_tree_is_the_same_in_whatever_portions_it_grew(portions: list[int]) -> None:
    assert grow([*sorted(portions), 70]) == HASHES


@given(st.integers(1, 70), st.data())
def test_an_inclusion_proof_is_the_one_of_the_definition_and_leads_to_the_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))

    found = [merkle.range_hash(one, HASHES) for one in merkle.inclusion_ranges(index, size)]

    assert found == plain_tree.path(index, BODIES[:size])
    leaf = merkle.leaf_hash(BODIES[index])
    assert merkle.inclusion_root(index=index, size=size, leaf=leaf, proof=found) == plain_tree.root(BODIES[:size])


@given(st.integers(1, 70), st.data())
def test_a_consistency_proof_is_the_one_of_the_definition_and_leads_to_both_roots(
    size: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, size))

    found = [merkle.range_hash(one, HASHES) for one in merkle.consistency_ranges(old, size)]

    assert found == plain_tree.proof(old, BODIES[:size])
    heads = [Head("log", count, plain_tree.root(BODIES[:count])) for count in (old, size)]
    check_consistency(*heads, found)


@given(st.integers(2, 70), st.data())
def test_a_proof_with_one_hash_changed_leads_elsewhere(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = plain_tree.path(index, BODIES[:size])
    place = data.draw(st.integers(0, len(proof) - 1))

    proof[place] = bytes(32)

    leaf = merkle.leaf_hash(BODIES[index])
    assert merkle.inclusion_root(index=index, size=size, leaf=leaf, proof=proof) != plain_tree.root(BODIES[:size])


@given(st.integers(0, 2**40), st.integers(1, 2**40))
def test_proofs_of_a_large_tree_need_few_nodes(index: int, more: int) -> None:
    size = index + more

    nodes = merkle.nodes_of(merkle.inclusion_ranges(index, size)) + merkle.covering(0, size)

    assert len(nodes) <= 3 * size.bit_length() + 1
    if index:
        assert len(merkle.nodes_of(merkle.consistency_ranges(index, size))) <= 3 * size.bit_length() + 1


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_in_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        merkle.inclusion_ranges(index, size)


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_of_a_tree_that_is_none_or_larger(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        merkle.consistency_ranges(old, size)


def test_a_proof_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="expected"):
        merkle.inclusion_root(index=0, size=3, leaf=bytes(32), proof=[])
