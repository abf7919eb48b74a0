"""Bytes of unknown encoding to text: byte order marks, UTF-8, Chinese code pages, Western ones."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of the encoding it was read in. Never fails: Latin-1 takes what nothing else does."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name) or _guessed(data[len(mark) :])
    return _guessed(data)


def _guessed(data: bytes) -> tuple[str, str]:
    found = _strict(data, "utf-8")
    if found is not None:
        return found
    chinese = _strict(data, "gb18030")
    if chinese is not None and _is_chinese(data):
        return chinese
    return _strict(data, "cp1252") or (data.decode("latin-1"), "latin-1")


def _strict(data: bytes, name: str) -> tuple[str, str] | None:
    try:
        return data.decode(name), name
    except UnicodeDecodeError:
        return None


def _is_chinese(data: bytes) -> bool:
    """Whether the bytes above ASCII come in pairs of GB 2312; a lone degree sign of cp1252 is followed by ASCII."""
    pairs = lone = at = 0
    while at < len(data) - 1:
        if data[at] < 0x80:
            at += 1
        elif 0xA1 <= data[at] <= 0xF7 and data[at + 1] >= 0xA1:
            pairs, at = pairs + 1, at + 2
        else:
            lone, at = lone + 1, at + 1
    return pairs > 4 * lone
