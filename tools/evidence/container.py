"""The file: a ZIP of stored parts in the one spelling there is, and the manifest of their SHA-256."""

import hashlib
import json
import re
import struct
import zlib
from typing import Any

from .wrong import Wrong

TYPE, MANIFEST = "epay-evidence/1", "manifest.json"
SIZE_MAX_BYTES, PARTS_MAX = 256 * 1024 * 1024, 10_000
_NAME = re.compile(r"(?:[a-z]{1,20}/){0,2}[0-9a-z_]{1,70}\.[0-9a-z]{1,8}")
_LOCAL = struct.Struct("<4s5H3L2H")


def read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the parts; Wrong for a file that is spelled in another way, or whose manifest does not fit."""
    if len(data) > SIZE_MAX_BYTES:
        raise Wrong(f"the file has {len(data)} bytes")
    parts, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04" and len(data) - at >= _LOCAL.size:
        *_, method, _, _, _, size, _, name_size, _ = _LOCAL.unpack_from(data, at)
        begin = at + _LOCAL.size + name_size
        name = data[begin - name_size : begin].decode("ascii", "replace")
        if method or not _NAME.fullmatch(name):
            raise Wrong(f"{name[:60]!r} is compressed, or no name of a part")
        if name in parts or len(parts) == PARTS_MAX:
            raise Wrong(f"{name} is there twice, or there are too many parts")
        parts[name] = data[begin : begin + size]
        at = begin + size
    if spelled(parts) != data:
        raise Wrong("the bytes are not the one spelling of the parts: changed, hidden or missing bytes")
    manifest = json_read(parts.pop(MANIFEST, b""))
    digests = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    if manifest.get("typ") != TYPE or manifest.get("parts") != digests:
        raise Wrong("the parts are not those of the manifest")
    return manifest, parts


def spelled(parts: dict[str, bytes]) -> bytes:
    """The one spelling: stored, in order, dated 1980, no extra fields."""
    body, directory, at = [], [], 0
    for name, part in parts.items():
        text = name.encode("ascii")
        common = struct.pack("<5H3L2H", 10, 0, 0, 0, 0x21, zlib.crc32(part), len(part), len(part), len(text), 0)
        body += [b"PK\x03\x04", common, text, part]
        unix_file = struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, at)
        directory += [b"PK\x01\x02\x0a\x03", common, unix_file, text]
        at += _LOCAL.size + len(text) + len(part)
    central = b"".join(directory)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(central), at, 0)
    return b"".join([*body, central, end])


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a value of whole numbers and texts with ASCII keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def json_read(data: bytes) -> Any:
    """The object in canonical bytes; Wrong for another spelling, a key twice, or anything but an object."""
    try:
        value = json.loads(data.decode(), parse_float=_refused, parse_constant=_refused)
        if isinstance(value, dict) and canonical(value) == data:
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong("JSON that is not in its canonical bytes")


def _refused(text: str) -> float:
    raise ValueError(text)
