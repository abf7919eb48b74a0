"""Captions that DJI cameras write beside a video (.SRT): where the aircraft was, second by second, in four styles."""

import math
import re
from collections.abc import Sequence
from datetime import UTC
from itertools import pairwise

import numpy as np

from dronesampler.problems import BadInput
from dronesampler.sampler.files import checks
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Recording, Tally, track_from
from dronesampler.sampler.files.times import EARLIEST_S, read_times
from dronesampler.texts import Text

_BLOCK = re.compile(r"(?m)^\s*(\d+)\s*\n(?=\s*(?:\d\d:\d\d:\d\d|\d{4}[.-]\d))")
_SPAN = re.compile(r"(\d\d):(\d\d):(\d\d)[,.](\d{3}) --> \d\d:\d\d:\d\d[,.]\d{3}")
_STAMP = re.compile(r"(\d{4})[.-](\d{1,2})[.-](\d{1,2}) (\d{1,2}):(\d\d):(\d\d)(?:[,.](\d{3}))?")
_N = r"\s*([-+]?\d+(?:\.\d+)?)\s*"
# Old styles write longitude first; the newer ones name them, and misspell one.
_LON_LAT = re.compile(rf"\bGPS\s*\({_N},{_N}(?:,{_N})?M?\)")
_NAMED_LAT = re.compile(rf"latitude\s*:{_N}", re.IGNORECASE)
_NAMED_LON = re.compile(rf"(?:longitude|longtitude)\s*:{_N}", re.IGNORECASE)
_HEIGHTS = (
    re.compile(rf"rel_alt\s*:{_N}"),
    re.compile(rf"\bBAROMETER\s*:{_N}"),
    re.compile(rf"\bHb\s*:{_N}"),
    re.compile(rf"\bH\s{_N}m"),
)

EMPTY = Text("字幕文件是空的", "the caption file is empty")
CUT = Text(
    "字幕文件在第 {block} 段中断（最后一段不完整）；请重新复制该文件，或用 --salvage 只取完整的段",
    "the caption file breaks off in block {block} (its last block is not whole); copy it again, or take the whole "
    "blocks with --salvage",
)
NO_POSITIONS = Text("字幕中没有位置：这种型号不写坐标", "the captions hold no position: this model writes none")
_LOCAL_TIME = Text(
    "字幕中的时间是相机的本地时间，按 {zone} 读取；可用 --time-zone 指定",
    "times in captions are the camera's local time, read as {zone}; --time-zone says otherwise",
)
_NO_DAY = Text("字幕没有日期：时间从视频开始算起", "the captions hold no date: times count from the start of the video")


def looks_like_captions(text: str) -> bool:
    """A numbered block that goes on with a time span or a date."""
    return bool(_BLOCK.match(text.lstrip("\ufeff\n\r ")))


def read_captions(text: str, *, options: Options = Options()) -> Recording:  # noqa: B008 - frozen
    """Positions of the blocks. Raises BadInput for an empty file, and for one that breaks off unless salvaged."""
    body = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    starts = [m.start() for m in _BLOCK.finditer(body)]
    if not starts:
        raise BadInput(EMPTY)
    blocks = [body[a:b] for a, b in pairwise([*starts, len(body)])]
    if len(blocks) == 1 and not np.isfinite(np.array(_place(blocks[0]), float)[:2]).all():
        raise BadInput(CUT.with_(block=1))
    tally = Tally()
    if len(blocks) > 1 and _lines(blocks[-1]) < min(_lines(b) for b in blocks[:-1]):
        if not options.salvage:
            raise BadInput(CUT.with_(block=len(blocks)))
        tally.add("half-line", checks.HALF_LINE, where=f"block {len(blocks)}")
        blocks.pop()
    return _recording(blocks, tally, options)


def _lines(block: str) -> int:
    return sum(bool(line.strip()) for line in block.split("\n"))


def _recording(blocks: Sequence[str], tally: Tally, options: Options) -> Recording:
    places = np.array([_place(b) for b in blocks], float)
    stamps = [m[0].replace(",", ".") if (m := _STAMP.search(b)) else "" for b in blocks]
    notes, dated = [], any(stamps)
    zone = options.zone or UTC
    if dated:
        time_s = read_times(stamps, zone=zone).time_s
        notes += [] if options.zone else [_LOCAL_TIME.with_(zone=zone)]
    else:
        time_s = np.array([_span_s(b) for b in blocks])
        notes.append(_NO_DAY)
    lat, lon = places[:, 0], places[:, 1]
    lost = checks.no_fix(lat, lon)
    jump = checks.jumps(time_s, np.where(lost, math.nan, lat), np.where(lost, math.nan, lon))
    notes += [NO_POSITIONS] if lost.all() else []
    tally.add("no-fix", checks.NO_FIX, where=f"block {int(np.argmax(lost)) + 1}", count=int(lost.sum()))
    tally.add("jump", checks.JUMP, where=f"block {int(np.argmax(jump)) + 1}", count=int(jump.sum()))
    good = ~lost & ~jump & np.isfinite(time_s)
    order = np.flatnonzero(good)[np.argsort(time_s[good], kind="stable")]
    return Recording(
        kind="dji-srt",
        messages=len(blocks),
        track=track_from(time_s[order], lat[order], lon[order], height_home_m=places[order, 2]),
        rejected=tally.all(),
        notes=tuple(notes),
        dated=dated and bool(np.nanmedian(time_s) > EARLIEST_S),
    )


def _place(block: str) -> tuple[float, float, float]:
    """Latitude, longitude, height above the take-off place; NaN where the block does not say."""
    height = next((float(m[1]) for pattern in _HEIGHTS if (m := pattern.search(block))), math.nan)
    named_lat, named_lon = _NAMED_LAT.search(block), _NAMED_LON.search(block)
    if named_lat and named_lon:
        return float(named_lat[1]), float(named_lon[1]), height
    pair = _LON_LAT.search(block)
    return (float(pair[2]), float(pair[1]), height) if pair else (math.nan, math.nan, height)


def _span_s(block: str) -> float:
    m = _SPAN.search(block)
    return int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]) + int(m[4]) / 1e3 if m else math.nan
