"""One DER element: tag, minimal length, content."""


def element(tag: bytes, content: bytes | memoryview) -> bytes:
    """The bytes of an element; of one that was read strictly, the original ones, for DER spells a length one way."""
    size = len(content)
    if size < 128:
        return b"".join((tag, bytes((size,)), content))
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"".join((tag, bytes((0x80 | len(length),)), length, content))


def bounds(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at a place begins and ends, if its length is to be believed (IndexError when the
    data end before it is known)."""
    size, begin = data[at + 1], at + 2
    if size > 0x7F:
        begin += size & 0x7F
        size = int.from_bytes(data[at + 2 : begin], "big")
    return begin, begin + size
