"""Equations of money pages: what does not add up stands first."""

from collections.abc import Iterable
from dataclasses import dataclass

Term = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Equation:
    """A sum as a page shows it: its terms, what they should come to, and whether they do."""

    title: str
    terms: tuple[Term, ...]
    total: Term
    is_whole: bool = True

    @property
    def adds_up(self) -> bool:
        """Whether the terms come to the total, and nothing in them is unexplained."""
        return self.is_whole and sum(amount_twd for _, amount_twd in self.terms) == self.total[1]


def in_order(equations: Iterable[Equation]) -> list[Equation]:
    """The equations in their order, those that do not hold first."""
    return sorted(equations, key=lambda one: one.adds_up)
