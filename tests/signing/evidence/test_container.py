"""The file has one spelling: whatever else is done to its bytes is seen before any part is believed."""

import io
import zipfile
from collections.abc import Callable

import pytest

from signing.evidence import container
from signing.evidence.container import container_read, container_write
from signing.refusals import Refused
from tests.signing.evidence.judges import tool
from tests.signing.evidence.workshop import Workshop

PARTS = {"document.json": b'{"a":1}', "contents/head.json": b"{}", "log/heads/4.note": b"x" * 300}


def refused(data: bytes) -> str:
    """The code of the product; the tool must refuse the same file."""
    with pytest.raises(tool().Wrong):
        tool().container.read(data)
    with pytest.raises(Refused) as caught:
        container_read(data)
    return caught.value.code


def test_what_is_written_is_read_and_every_other_tool_reads_it_too() -> None:
    data = container_write(parts=PARTS, about={"document_ref": "a"})

    manifest, parts = container_read(data)

    assert parts == PARTS and manifest["document_ref"] == "a"
    assert tool().container.read(data) == (manifest, parts)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == {
            "manifest.json": opened.read("manifest.json"),
            **PARTS,
        }


def test_the_same_parts_make_the_same_bytes_whatever_their_order() -> None:
    backwards = dict(reversed(PARTS.items()))

    assert container_write(parts=PARTS, about={}) == container_write(parts=backwards, about={})


@pytest.mark.threat("evidence-byte")
def test_a_byte_changed_anywhere_is_seen(good: Workshop) -> None:
    data = good.sealed()
    small = container_write(parts=PARTS, about={"document_ref": "a"})
    places = [*((small, place) for place in range(len(small))), *((data, place) for place in range(0, len(data), 61))]

    for whole, place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert refused(bytes(changed)) in ("evidence_container", "evidence_manifest"), place


def zipped(method: int, *names: str, content: bytes = b"{}") -> bytes:
    """A ZIP as the standard library writes it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return file.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no zip": lambda: b"%PDF-1.7",
    "a header cut short": lambda: b"PK\x03\x04\x0a",
    "a bomb": lambda: zipped(zipfile.ZIP_DEFLATED, "document.json", content=bytes(10_000_000)),
    "two of one name": lambda: zipped(zipfile.ZIP_STORED, "document.json", "document.json"),
    "upward": lambda: zipped(zipfile.ZIP_STORED, "../../etc/passwd"),
    "absolute": lambda: zipped(zipfile.ZIP_STORED, "/etc/passwd"),
    "backslash": lambda: zipped(zipfile.ZIP_STORED, "..\\evil.json"),
    "not of letters": lambda: zipped(zipfile.ZIP_STORED, "文件.json"),
    "another date": lambda: zipped(zipfile.ZIP_STORED, "document.json"),
    "something behind": lambda: container_write(parts=PARTS, about={}) + b"hidden",
    "something before": lambda: b"hidden" + container_write(parts=PARTS, about={}),
    "something between": lambda: container_write(parts=PARTS, about={}).replace(b"PK\x01\x02", b"evilPK\x01\x02", 1),
    "its end missing": lambda: container_write(parts=PARTS, about={})[:-22],
}


@pytest.mark.threat("evidence-archive")
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives_are_refused_before_anything_of_them_is_unpacked(name: str) -> None:
    assert refused(HOSTILE[name]()) == "evidence_container"


def test_sizes_and_counts_have_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    data = container_write(parts=PARTS, about={})

    for module in (container, tool().container):
        monkeypatch.setattr(module, "PARTS_MAX", 2)
    assert refused(data) == "evidence_container"
    for module in (container, tool().container):
        monkeypatch.setattr(module, "SIZE_MAX_BYTES", 100)
    assert refused(data) == "evidence_container"


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        b'{"parts":{},"typ":"epay-evidence/1"}',
        b'{"parts":{"document.json":"00"},"typ":"epay-evidence/1"}',
        b'["epay-evidence/1"]',
    ],
)
def test_a_manifest_names_exactly_its_parts(manifest: bytes | None) -> None:
    parts = {"document.json": b"{}"}
    whole = parts if manifest is None else {"manifest.json": manifest, **parts}

    code = refused(container._zip(whole))

    assert code == ("content_not_canonical" if manifest is None else "evidence_manifest")


def test_a_manifest_of_another_kind_is_refused() -> None:
    data = container_write(parts={}, about={})

    assert refused(data.replace(b"epay-evidence/1", b"epay-evidence/2")) == "evidence_container"
    other = container._zip({"manifest.json": b'{"parts":{},"typ":"other/1"}'})
    assert refused(other) == "evidence_manifest"
