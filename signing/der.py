"""One DER element: tag, minimal length, content."""


def element(tag: bytes, content: bytes | memoryview) -> bytes:
    """The bytes of an element; of one that was read strictly, the original ones, for DER spells a length one way."""
    size = len(content)
    if size < 128:
        return b"".join((tag, bytes((size,)), content))
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"".join((tag, bytes((0x80 | len(length),)), length, content))
