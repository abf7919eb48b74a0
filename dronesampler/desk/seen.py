"""What an officer saw: when, where and which way; and which files may go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OPENED_BY_US = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
TAKEN_AS_THEY_ARE = (".heic", ".heif", ".dng")
PHOTO_ENDINGS = (*OPENED_BY_US, *TAKEN_AS_THEY_ARE)


class Kind(StrEnum):
    """What is kept of a sighting."""

    PHOTO = "photo"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Seen:
    """When and where it was seen. `sighting` is the id of the intent that marked it, None for a file alone."""

    unix_s: float
    sighting: int | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    height_home_m: float | None = None
    heading_deg: float | None = None
    note: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def details(self) -> dict[str, Any]:
        """As the store keeps it."""
        names = ("sighting", "lat_deg", "lon_deg", "height_home_m", "heading_deg", "note")
        return {**{name: getattr(self, name) for name in names}, **self.more}
