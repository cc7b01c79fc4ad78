"""Blanks in names (rule E16)."""

BLANKS = (" ", "\u3000")


def is_han(character: str) -> bool:
    """Tell whether a character is a Chinese ideograph (unified blocks, extensions, compatibility)."""
    code = ord(character)
    blocks = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
    return any(first <= code <= last for first, last in blocks)


def has_bad_blank(name: str) -> bool:
    """Tell whether a name has a blank at an end, between two Han characters, or two in a row."""
    for position, character in enumerate(name):
        if character not in BLANKS:
            continue
        if position == 0 or position == len(name) - 1:
            return True
        before, after = name[position - 1], name[position + 1]
        if after in BLANKS or (is_han(before) and is_han(after)):
            return True
    return False
