"""Tells the formats of this folder apart by what is in the file, and reads it."""

from collections.abc import Callable
from dataclasses import replace

from dronesampler.problems import BadInput
from dronesampler.safe_files import json_value
from dronesampler.sampler.files import captions, gas_table, hj212_file, matching, open_path, sniffer4d, table, tracks
from dronesampler.sampler.files.decoding import decoded
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.recording import Recording
from dronesampler.texts import Text

_XLSX = b"PK\x03\x04"
EMPTY = Text("文件是空的", "the file is empty")
UNKNOWN = Text(
    "无法识别的文件：不是飞行日志、轨迹、字幕、气体数据表或园区文件",
    "not a file that is understood: no flight log, track, caption file, gas table or park",
)
_UNKNOWN_TABLE = Text(
    "表格没有表头，不知道各列是什么；请用 --columns FILE 按列号指定",
    "the table has no header, so its columns are not known; name them by number with --columns FILE",
)
NO_WAY = Text("XML 中既没有轨迹也没有园区边界", "the XML holds neither a track nor a park's boundary")


def read_recording(data: bytes, *, name: str, options: Options = Options()) -> Recording:  # noqa: B008 - frozen
    """A recording from the bytes of a file. Raises BadInput with the reason."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise BadInput(EMPTY)
    if data.startswith(_XLSX):
        return gas_table.read_table(table.read_xlsx(data), kind="gas-table", options=options)
    text, encoding = decoded(data)
    if "\0" in text[:4096]:
        raise BadInput(UNKNOWN)
    recording = _read_text(data, text, options)
    return replace(recording, details={**recording.details, "encoding": encoding})


def _read_text(data: bytes, text: str, options: Options) -> Recording:
    if options.columns is None:
        if text.lstrip().startswith("<"):
            return _read_xml(data)
        for looks, read in _FORMATS:
            if looks(text):
                return read(text, options)
        if _is_json(text):
            raise BadInput(UNKNOWN)
    rows = table.read_csv(text, header=_has_header(options))
    if options.columns is None and len(rows.header) < 2:
        raise BadInput(_UNKNOWN_TABLE if _is_tabular(rows) else UNKNOWN)
    kind = "sniffer4d-csv" if sniffer4d.is_mapper_csv(text) else "gas-table"
    return gas_table.read_table(rows, kind=kind, options=options)


def _has_header(options: Options) -> bool | None:
    """What a columns file says of the table: `[table] header = false` for one without a header."""
    if options.columns is None:
        return None
    _, layout = matching.load_columns(options.columns, ())
    return bool(layout["header"]) if "header" in layout else None


def _is_tabular(rows: table.Table) -> bool:
    return len(rows.columns) > 1 and len(rows) > 1 and len(rows.short) * 2 < len(rows)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json_value(text)
    except BadInput:
        return False
    return True


def _read_xml(data: bytes) -> Recording:
    root = tracks.read_xml(data)
    name = tracks.local_name(root).lower()
    if name == "gpx":
        return tracks.read_gpx(root)
    if name == "kml" and tracks.has_kml_track(root):
        return tracks.read_kml_track(root)
    raise BadInput(NO_WAY)


_FORMATS: tuple[tuple[Callable[[str], bool], Callable[[str, Options], Recording]], ...] = (
    (hj212_file.looks_like_packets, lambda text, options: hj212_file.read_packets(text)),
    (captions.looks_like_captions, lambda text, options: captions.read_captions(text, options=options)),
    (sniffer4d.looks_like_frames, lambda text, options: sniffer4d.read_frames(text, options=options)),
    (open_path.looks_like_open_path, lambda text, options: open_path.read_open_path(text, options=options)),
    (tracks.looks_like_igc, lambda text, options: tracks.read_igc(text)),
    (tracks.looks_like_nmea, lambda text, options: tracks.read_nmea(text)),
)
