"""The file itself: a ZIP of stored parts in one spelling only, with a manifest of their SHA-256.

There is exactly one file for given parts: nothing compressed (so nothing can unfold beyond the file's own size), one
order, one date, no extra fields. Reading writes the parts again and compares, so that a byte changed anywhere, names
twice, or whatever hides between the parts is seen at once. `unzip` and every other tool read it all the same.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

from signing.canonical import canonical, read
from signing.refusals import Refused

TYPE: Final = "epay-evidence/1"
MANIFEST: Final = "manifest.json"
SIZE_MAX_BYTES: Final = 256 * 1024 * 1024
PARTS_MAX: Final = 10_000
_NAME: Final = re.compile(r"(?:[a-z]{1,20}/){0,2}[0-9a-z_]{1,70}\.[0-9a-z]{1,8}")
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _FIRST_DAY, _VERSION, _UNIX_FILE = 0, 0x21, 10, 0o100644 << 16
_LOCAL_SHAPE: Final = struct.Struct("<4s5H3L2H")


def container_write(*, parts: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """The file of named parts; `about` (JSON values) stands in the manifest beside their digests."""
    digests = {name: hashlib.sha256(parts[name]).hexdigest() for name in sorted(parts)}
    manifest = canonical({**about, "typ": TYPE, "parts": digests})
    return _zip({MANIFEST: manifest, **{name: parts[name] for name in digests}})


def container_read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the parts of a file; Refused `evidence_container` unless it is spelled as we write it,
    `evidence_manifest` unless the manifest names exactly its parts with their digests."""
    if len(data) > SIZE_MAX_BYTES:
        raise Refused("evidence_container", f"{len(data)} bytes")
    parts = _parts(data)
    if _zip(parts) != data:
        raise Refused("evidence_container", "not the one spelling of these parts")
    manifest = read(parts.pop(MANIFEST, b""))
    digests = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    if not isinstance(manifest, dict) or manifest.get("typ") != TYPE or manifest.get("parts") != digests:
        raise Refused("evidence_manifest", "the parts are not those of the manifest")
    return manifest, parts


def _parts(data: bytes) -> dict[str, bytes]:
    """The stored parts one after the other as their own headers tell; nothing is unpacked, nothing written."""
    parts: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == _LOCAL and len(data) - at >= _LOCAL_SHAPE.size:
        *_, method, _, _, _, size, _, name_size, _ = _LOCAL_SHAPE.unpack_from(data, at)
        begin = at + _LOCAL_SHAPE.size + name_size
        name = data[begin - name_size : begin].decode("ascii", "replace")
        if method != _STORED or not _NAME.fullmatch(name):
            raise Refused("evidence_container", f"{name[:60]!r} is compressed or no name of a part")
        if name in parts or len(parts) == PARTS_MAX:
            raise Refused("evidence_container", f"{name} again, or too many parts")
        parts[name] = data[begin : begin + size]
        at = begin + size
    return parts


def _zip(parts: Mapping[str, bytes]) -> bytes:
    """The one spelling of parts in the order given."""
    body, directory, at = [], [], 0
    for name, part in parts.items():
        text = name.encode("ascii")
        common = struct.pack(
            "<5H3L2H", _VERSION, 0, _STORED, 0, _FIRST_DAY, zlib.crc32(part), len(part), len(part), len(text), 0
        )
        body += [_LOCAL, common, text, part]
        made_by = struct.pack("<H", 3 << 8 | _VERSION)
        directory += [_CENTRAL, made_by, common, struct.pack("<3H2L", 0, 0, 0, _UNIX_FILE, at), text]
        at += _LOCAL_SHAPE.size + len(text) + len(part)
    central = b"".join(directory)
    end = struct.pack("<4s4H2LH", _END, 0, 0, len(parts), len(parts), len(central), at, 0)
    return b"".join([*body, central, end])
