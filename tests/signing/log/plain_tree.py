"""The tree of RFC 9162 written down once more, straight from its definitions and as slowly as they read."""

from collections.abc import Sequence
from hashlib import sha256


def root(bodies: Sequence[bytes]) -> bytes:
    """MTH, section 2.1.1."""
    if not bodies:
        return sha256().digest()
    if len(bodies) == 1:
        return sha256(bytes([0]) + bodies[0]).digest()
    k = below(len(bodies))
    return sha256(bytes([1]) + root(bodies[:k]) + root(bodies[k:])).digest()


def below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, bodies: Sequence[bytes]) -> list[bytes]:
    """PATH, section 2.1.3.1."""
    if len(bodies) == 1:
        return []
    k = below(len(bodies))
    if m < k:
        return [*path(m, bodies[:k]), root(bodies[k:])]
    return [*path(m - k, bodies[k:]), root(bodies[:k])]


def proof(m: int, bodies: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF, section 2.1.4.1."""
    n = len(bodies)
    if m == n:
        return [] if whole else [root(bodies)]
    k = below(n)
    if m <= k:
        return [*proof(m, bodies[:k], whole), root(bodies[k:])]
    return [*proof(m - k, bodies[k:], False), root(bodies[:k])]
