"""The fonts that ship with the program, and what to do with characters that they lack."""

import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pylopdf_fonts_zh_cn import sans_path, serif_path

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
BREAK = "\u200b"  # a place where a line may break; drawn as nothing
LONGEST_RUN = 28


def fonts_dir() -> Path:
    """The folder that holds both fonts."""
    return Path(sans_path()).parent


@cache
def drawable() -> frozenset[int]:
    """Code points that the sans or the serif font can draw."""
    return frozenset(code for file in (sans_path(), serif_path()) for code in _code_points(Path(file).read_bytes()))


def _code_points(font: bytes) -> Iterator[int]:
    """What the font's character map (OpenType `cmap`, format 12) maps to a glyph."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">2I", font, 20 + 16 * i) for i in range(count)}
    start = tables[b"cmap"][0]
    for i in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">2HI", font, start + 4 + 8 * i)[2]
        if struct.unpack_from(">H", font, at)[0] == 12:
            groups = struct.unpack_from(">I", font, at + 12)[0]
            for first, last, _ in struct.iter_unpack(">3I", font[at + 16 : at + 16 + 12 * groups]):
                yield from range(first, last + 1)
            return


def printable(text: str) -> str:
    """The text with what no font of ours can draw written as 〔U+1F600〕, and long runs made breakable."""
    spelled = "".join(_spelled(c) for c in " ".join(text.split()))
    return " ".join(_breakable(word) for word in spelled.split(" "))


def drawable_svg(svg: str) -> str:
    """A picture with what no font of ours can draw spelled out; its markup is ASCII and stays."""
    return re.sub(r"[^\x00-\x7f]", lambda found: _spelled(found[0]), svg)


def _spelled(character: str) -> str:
    if character == BREAK or (ord(character) in drawable() and character.isprintable()):
        return character
    return f"〔U+{ord(character):04X}〕"


def _breakable(word: str) -> str:
    """A run without a place to break would leave the page."""
    if len(word) <= LONGEST_RUN or not any(ord(c) < 0x2E80 for c in word):
        return word
    return BREAK.join(word[i : i + LONGEST_RUN] for i in range(0, len(word), LONGEST_RUN))


def lacking(value: Any) -> set[str]:
    """Every character in the strings of a JSON value that has to be spelled out."""
    if isinstance(value, str):
        return {c for c in " ".join(value.split()) if _spelled(c) != c}
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*(lacking(child) for child in children))


def made_printable(value: Any) -> Any:
    """The same JSON value with every string made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: made_printable(child) for key, child in value.items()}
    return [made_printable(child) for child in value] if isinstance(value, list) else value
