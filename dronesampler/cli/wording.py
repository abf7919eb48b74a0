"""Words for the stable codes that programs read: places in a file or a mission, and kinds of files."""

import re
from unicodedata import east_asian_width

from dronesampler.texts import Lang, Text

_PLACES = (
    (r"return", Text("返航", "return")),
    (r"item (\d+)", Text("第 {0} 项", "item {0}")),
    (r"line (\d+)", Text("第 {0} 行", "line {0}")),
    (r"row (\d+)", Text("第 {0} 行", "row {0}")),
    (r"block (\d+)", Text("第 {0} 段", "block {0}")),
    (r"point (\d+)", Text("第 {0} 点", "point {0}")),
    (r"packet (\d+)", Text("第 {0} 个报文", "packet {0}")),
    (r"feature (\d+)", Text("第 {0} 个要素", "feature {0}")),
)
# The notes that the patterns write on their items; a note of anybody else's stays as it is.
_NOTES = (
    (r"way round", Text("绕行", "way round")),
    (r"take-off", Text("起飞", "take-off")),
    (r"climb", Text("爬升", "climb")),
    (r"grid", Text("网格", "grid")),
    (r"home", Text("起飞点", "home")),
    (r"cut", Text("架次切分处", "cut")),
    (r"resume", Text("续飞", "resume")),
    (r"transect (\d+)", Text("测线 {0}", "transect {0}")),
    (r"curtain (\S+) m", Text("断面 {0} m", "curtain {0} m")),
    (r"corridor (\d+)", Text("走廊 {0}", "corridor {0}")),
    (r"spot (\d+) at (\S+) m", Text("点位 {0}，距 {1} m", "spot {0} at {1} m")),
    (r"fence (\d+) at (\S+) m", Text("围界 {0}，高 {1} m", "fence {0} at {1} m")),
    (r"speed", Text("调速", "speed")),
    (r"return", Text("返航", "return")),
    (r"(.+) downwind", Text("{0} 下风侧", "{0} downwind")),
    (r"(.+) upwind", Text("{0} 上风侧", "{0} upwind")),
    (r"(.+) profile (\S+) m", Text("{0} 剖面 {1} m", "{0} profile {1} m")),
    (r"(.+) orbit (\S+) m", Text("{0} 环绕 {1} m", "{0} orbit {1} m")),
)
_KINDS = {
    "gas-table": Text("气体数据表", "gas table"),
    "park": Text("园区", "park"),
    "register": Text("排放口名录", "register of outlets"),
    "tlog": Text("遥测日志", "telemetry log"),
    "ulog": Text("PX4 飞行日志", "PX4 flight log"),
    "dataflash": Text("ArduPilot 飞行日志", "ArduPilot flight log"),
    "dji-srt": Text("大疆字幕", "DJI captions"),
    "hj212": Text("HJ 212 报文", "HJ 212 packets"),
    "open-path": Text("开放光路数据", "open-path data"),
}


def place_said(where: str, lang: Lang) -> str:
    """A place such as "item 8 (way round)", "line 3" or "FILE line 3" in the reader's language; any other as it is."""
    place, bracket, note = where.partition(" (")
    if bracket and note.endswith(")") and _known(place, _PLACES) is not None:
        note = _said(note.removesuffix(")"), _NOTES, lang)
        begin, end = ("（", "）") if lang is Lang.ZH else (" (", ")")
        return f"{_said(place, _PLACES, lang)}{begin}{note}{end}"
    in_file = re.fullmatch(r"(.+) (\w+ \d+)", where)
    if in_file and _known(in_file[2], _PLACES) is not None:
        return f"{in_file[1]} {_said(in_file[2], _PLACES, lang)}"
    return _said(where, _PLACES, lang)


def columns_of(text: str) -> int:
    """How wide a terminal shows it: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def kind_said(kind: str, lang: Lang) -> str:
    """A kind of file in the reader's language; the code itself where it has no word."""
    return _KINDS[kind].said(lang) if kind in _KINDS else kind


def _said(code: str, words: tuple[tuple[str, Text], ...], lang: Lang) -> str:
    known = _known(code, words)
    return known.said(lang) if known is not None else code


def _known(code: str, words: tuple[tuple[str, Text], ...]) -> Text | None:
    for pattern, text in words:
        found = re.fullmatch(pattern, code)
        if found:
            return Text(text.zh.format(*found.groups()), text.en.format(*found.groups()))
    return None
