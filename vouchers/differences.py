"""What differs between two contents of a voucher: place, old value and new one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Content = Mapping[str, Any]
# What makes a line of a list the same line in both, wherever it stands.
_NAMES: Final = {
    "payee_lines": ("name", "id", "account_no"),
    "account_lines": ("account_code", "side", "fund_code"),
    "source_documents": ("type", "number"),
    "collection_slips": ("no",),
    "originals": ("number", "fiscal_year", "agency_code"),
    "attachments": ("name",),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or a whole line of a list, with what it said and what it says; None where there was nothing.

    `path` is a JSON Pointer into the new content, into the old one for what is gone.
    """

    path: str
    old: Any
    new: Any


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Every difference between two contents, in the order of the new one; lines are followed when they move."""
    return tuple(_of_blocks(old, new, ""))


def _of_blocks(old: Content, new: Content, path: str) -> Iterator[Difference]:
    for name in [*new, *(name for name in old if name not in new)]:
        yield from _of_values(old.get(name), new.get(name), f"{path}/{name}", name)


def _of_values(old: Any, new: Any, path: str, name: str) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_blocks(old, new, path)
    elif isinstance(old or new, list) and isinstance(old or [], list) and isinstance(new or [], list):
        yield from _of_lists(old or [], new or [], path, _NAMES.get(name, ()))
    else:
        yield Difference(path, old, new)


def _of_lists(old: Sequence[Any], new: Sequence[Any], path: str, names: Sequence[str]) -> Iterator[Difference]:
    """Lines of the same name are compared; of the rest, those at the same place are taken for one line that changed."""
    left = _places(old, names)
    pairs: dict[int, int] = {}
    for place, line in enumerate(new):
        if left[_key(line, names)]:
            pairs[place] = left[_key(line, names)].pop(0)
    gone = set(range(len(old))) - set(pairs.values())
    for place in range(len(new)):
        if place not in pairs and place in gone:
            pairs[place] = place
            gone.remove(place)
    for place, line in enumerate(new):
        if place not in pairs:
            yield Difference(f"{path}/{place}", None, line)
        elif isinstance(line, Mapping):
            yield from _of_blocks(old[pairs[place]], line, f"{path}/{place}")
        elif old[pairs[place]] != line:
            yield Difference(f"{path}/{place}", old[pairs[place]], line)
    for place in sorted(gone):
        yield Difference(f"{path}/{place}", old[place], None)


def _places(lines: Sequence[Any], names: Sequence[str]) -> defaultdict[Any, list[int]]:
    places: defaultdict[Any, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        places[_key(line, names)].append(place)
    return places


def _key(line: Any, names: Sequence[str]) -> Any:
    return tuple(line.get(name) for name in names) if isinstance(line, Mapping) else line
