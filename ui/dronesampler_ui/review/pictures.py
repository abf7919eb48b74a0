"""Photographs and sightings of a patrol with their time and place, as values; read on a work thread."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

if TYPE_CHECKING:
    from dronesampler.store import Store

SIGHTING, NOTED = "sighting", "sighting note"  # kinds of journal entries


@dataclass(frozen=True, slots=True)
class Picture:
    """Something seen. `file` is None for a sighting without a photograph; `sha256` is what was kept of the file."""

    unix_s: float | None
    lat_deg: float | None
    lon_deg: float | None
    note: str = ""
    file: Path | None = None
    sha256: str = ""
    kind: str = SIGHTING
    name: str = ""

    @property
    def place(self) -> tuple[float, float] | None:
        return (self.lat_deg, self.lon_deg) if self.lat_deg is not None and self.lon_deg is not None else None


@dataclass(frozen=True, slots=True)
class Large:
    """A photograph to look at, and whether the file is still the one that was kept."""

    picture: Picture
    image: QImage
    sound: bool


def pictures_of(store: "Store", patrol_id: int, folder: Path | None) -> tuple[Picture, ...]:
    """All that was seen, in order of time; those of unknown time last."""
    found = []
    with_file = set()
    for media in store.media(patrol_id):
        told = media.details
        with_file.add(told.get("sighting"))
        found.append(
            Picture(
                media.taken_unix_s,
                *_place(told),
                str(told.get("note") or ""),
                folder / media.path if folder else None,
                media.sha256,
                media.kind,
                str(told.get("original_name") or Path(media.path).name),
            )
        )
    found += _sightings(store, patrol_id, with_file)
    return tuple(sorted(found, key=lambda p: (p.unix_s is None, p.unix_s or 0.0)))


def _sightings(store: "Store", patrol_id: int, with_file: set[Any]) -> list[Picture]:
    """Those that no photograph tells of already, with the words typed afterwards."""
    entries = store.journal(patrol_id)
    notes = {e.body.get("sighting"): str(e.body.get("note") or "") for e in entries if e.kind == NOTED}
    return [
        Picture(e.unix_s, *_place(e.body), notes.get(e.body.get("id")) or str(e.body.get("note") or ""))
        for e in entries
        if e.kind == SIGHTING and (e.body.get("id") is None or e.body.get("id") not in with_file)
    ]


def _place(told: Mapping[str, Any]) -> tuple[float | None, float | None]:
    lat, lon = told.get("lat_deg"), told.get("lon_deg")
    known = isinstance(lat, int | float) and isinstance(lon, int | float)
    return (float(lat), float(lon)) if known else (None, None)  # type: ignore[arg-type]


def thumbnail(picture: Picture, side_px: int) -> QImage:
    """Small, without reading more of the file than needed; null where it is no image that can be read."""
    return _read(picture.file, side_px) if picture.file else QImage()


def large(picture: Picture, side_px: int) -> Large:
    """As large as the screen needs, and whether its content still has the hash that was kept."""
    image = _read(picture.file, side_px) if picture.file else QImage()
    sound = False
    if picture.file and picture.file.is_file():
        with picture.file.open("rb") as stream:
            sound = hashlib.file_digest(stream, "sha256").hexdigest() == picture.sha256
    return Large(picture, image, sound)


def _read(file: Path, side_px: int) -> QImage:
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > side_px:
        reader.setScaledSize(size.scaled(QSize(side_px, side_px), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
