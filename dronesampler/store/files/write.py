"""Writes rows of readings in the format that a file's name asks for."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.store.files.parquet import write_parquet
from dronesampler.store.files.rows import COLUMNS, Cells
from dronesampler.texts import SIMULATED, Text

_UNKNOWN = Text(
    "不认识文件格式“{ending}”。可用：{known}。",
    "The file format {ending!r} is not known. Use one of {known}.",
)
_NO_FOLDER = Text("没有文件夹 {folder}", "there is no folder {folder}")
_CANNOT_WRITE = Text("无法写入 {path}：{why}。", "{path} cannot be written: {why}.")

# Concentration classes of the map, upper bounds in mg/m3 with KML colours (aabbggrr).
_CLASSES = ((0.2, "ff50b000"), (0.5, "ff00d0d0"), (1.0, "ff0090ff"), (2.0, "ff0040ff"), (float("inf"), "ff8000c0"))


@dataclass(frozen=True, slots=True)
class Title:
    """What stands at the head of a file."""

    name: str
    simulated: bool

    @property
    def text(self) -> str:
        return f"{self.name} [{SIMULATED}]" if self.simulated else self.name


@dataclass(frozen=True, slots=True)
class Written:
    """How many readings a file holds, and how many it could not because they have no place."""

    rows: int
    without_place: int = 0


def write(path: Path, rows: Iterable[Cells], title: Title) -> Written:
    """Write the rows; the format by the file's ending. The file appears whole or not at all.

    Raises BadInput for an unknown ending, a missing folder or, for Parquet, where pyarrow is not installed;
    Refused if the disk fails.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise BadInput(_UNKNOWN.with_(ending=path.suffix, known=", ".join(FORMATS)), where=str(path))
    if not path.parent.is_dir():
        raise BadInput(_NO_FOLDER.with_(folder=path.parent), where=str(path))
    partial = path.with_name(path.name + ".partial")
    try:
        written = form(partial, rows, title)
        partial.replace(path)
    except OSError as error:
        raise Refused(_CANNOT_WRITE.with_(path=path, why=system_said(error))) from error
    finally:
        partial.unlink(missing_ok=True)
    return written


@contextmanager
def _text(path: Path, *, encoding: str = "utf-8") -> Iterator[IO[str]]:
    with path.open("w", encoding=encoding, newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _csv(path: Path, rows: Iterable[Cells], _title: Title) -> Written:
    """With a byte order mark, so that spreadsheets take the Chinese for what it is."""
    count = 0
    with _text(path, encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for row in rows:
            count += 1
            table.writerow(["" if (cell := row[name]) is None else _csv_cell(cell) for name in COLUMNS])
    return Written(count)


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return int(cell)
    # A spreadsheet would run a text that begins like a formula, and instruments choose their own names.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _geojson(path: Path, rows: Iterable[Cells], title: Title) -> Written:
    """RFC 7946: a point each, its height as a property because GeoJSON's own is over the ellipsoid."""
    count = nowhere = 0
    with _text(path) as file:
        head = {"type": "FeatureCollection", "name": title.text, "simulated": title.simulated}
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [')
        for count, row in enumerate(rows, 1):
            place = _place(row)
            nowhere += place is None
            point = {"type": "Point", "coordinates": [place[1], place[0]]} if place else None
            feature = {"type": "Feature", "geometry": point, "properties": dict(row)}
            file.write(("\n" if count == 1 else ",\n") + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        file.write("\n]}\n")
    return Written(count, nowhere)


def _kml(path: Path, rows: Iterable[Cells], title: Title) -> Written:
    """A placemark each, coloured by class."""
    count = nowhere = 0
    with _text(path) as file:
        styles = "".join(_kml_style(k, colour) for k, (_, colour) in enumerate(_CLASSES))
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>')
        file.write(f"<name>{_xml(title.text)}</name>{styles}\n")
        for row in rows:
            if (place := _place(row)) is None:
                nowhere += 1
                continue
            count += 1
            file.write(_kml_placemark(row, place))
        file.write("</Document></kml>\n")
    return Written(count, nowhere)


def _kml_style(number: int, colour: str) -> str:
    return (
        f'<Style id="c{number}"><IconStyle><color>{colour}</color><scale>0.5</scale></IconStyle>'
        "<LabelStyle><scale>0</scale></LabelStyle></Style>"
    )


def _kml_placemark(row: Cells, place: tuple[float, float]) -> str:
    value, height = row["value_mg_m3"], row["height_agl_m"]
    number = next(k for k, (bound, _) in enumerate(_CLASSES) if value is None or float(value) <= bound)
    mode = "clampToGround" if height is None else "relativeToGround"
    data = "".join(f'<Data name="{n}"><value>{_xml(c)}</value></Data>' for n, c in row.items() if c not in (None, ""))
    name = "-" if value is None else f"{float(value):.3f} mg/m3"
    when = f"<TimeStamp><when>{_xml(row['time_utc'])}</when></TimeStamp>" if row["time_utc"] else ""
    return (
        f"<Placemark><name>{_xml(row['quantity'])} {name}</name>{when}<styleUrl>#c{number}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData><Point><altitudeMode>{mode}</altitudeMode>"
        f"<coordinates>{place[1]!r},{place[0]!r},{height or 0.0!r}</coordinates></Point></Placemark>\n"
    )


def _gpx(path: Path, rows: Iterable[Cells], title: Title) -> Written:
    """GPX 1.1: waypoints with the value as name. No elevation: GPX means the sea by it, and ours is the ground."""
    count = nowhere = 0
    with _text(path) as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<gpx xmlns="http://www.topografix.com/GPX/1/1" ')
        file.write(f'version="1.1" creator="dronesampler"><metadata><name>{_xml(title.text)}</name></metadata>\n')
        for row in rows:
            if (place := _place(row)) is None:
                nowhere += 1
                continue
            count += 1
            file.write(_gpx_waypoint(row, place))
        file.write("</gpx>\n")
    return Written(count, nowhere)


def _gpx_waypoint(row: Cells, place: tuple[float, float]) -> str:
    value = "-" if row["value_mg_m3"] is None else f"{row['value_mg_m3']!r}"
    height = "" if row["height_agl_m"] is None else f"height_agl_m={row['height_agl_m']!r} "
    words = f"{row['simulated']} {row['instrument']} {height}{row['flags']}".strip()
    when = f"<time>{_xml(row['time_utc'])}</time>" if row["time_utc"] else ""
    return (
        f'<wpt lat="{place[0]!r}" lon="{place[1]!r}">{when}<name>{_xml(row["quantity"])} {value} mg/m3</name>'
        f"<desc>{_xml(words)}</desc></wpt>\n"
    )


def _place(row: Cells) -> tuple[float, float] | None:
    lat_deg, lon_deg = row["lat_deg"], row["lon_deg"]
    return None if lat_deg is None or lon_deg is None else (float(lat_deg), float(lon_deg))


def _xml(value: object) -> str:
    """Escaped, without the control characters that XML 1.0 cannot hold."""
    return escape("".join(c for c in str(value) if c >= " " or c in "\t\n"), {'"': "&quot;"})


def _parquet(path: Path, rows: Iterable[Cells], title: Title) -> Written:
    return Written(write_parquet(path, rows, title=title.text))


FORMATS: dict[str, Callable[[Path, Iterable[Cells], Title], Written]] = {
    ".csv": _csv,
    ".geojson": _geojson,
    ".kml": _kml,
    ".gpx": _gpx,
    ".parquet": _parquet,
}
