"""Use case: keep a photograph or a voice note of a sighting in the data folder, with its hash, beside its patrol."""

import hashlib
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from dronesampler.desk.seen import OPENED_BY_US, TAKEN_AS_THEY_ARE, Kind, Seen
from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.store import Media, PatrolName, Store
from dronesampler.texts import Text

MEDIA_FOLDER = "media"
LARGEST_BYTES = 200_000_000
NO_FILE = Text("没有这个文件", "there is no such file")
EMPTY = Text("文件是空的", "the file is empty")
TOO_LARGE = Text(
    "文件超过 {limit:.0f} MB，不作为照片或语音存入",
    "the file is larger than {limit:.0f} MB: no photograph or voice note",
)
NO_PHOTO = Text(
    "不是能识别的照片（{suffix}）；可用 JPEG、PNG、TIFF、HEIC、DNG",
    "this is no photograph that is known ({suffix}); JPEG, PNG, TIFF, HEIC and DNG are",
)
NO_FOLDER = Text(
    "数据库在服务器上，没有存放照片的数据文件夹", "the database is on a server: there is no folder for media"
)
NOT_KEPT = Text("未能存入：{why}", "it could not be kept: {why}")
_EXIF_SUB_BLOCK = 0x8769
_BLOCK = 1 << 20


def keep_media(store: Store, patrol: PatrolName, source: Path, *, kind: Kind, seen: Seen) -> Media:
    """Copy the file into DATA/media/PATROL, read it back, and note it in the patrol's journal; once for one content.

    Raises BadInput for what is no photograph, Refused where it cannot be kept.
    """
    size = _checked(source, kind)
    found = store.patrol(patrol)
    if store.folder is None:
        raise Refused(NO_FOLDER)
    sha256 = _sha256(source)
    for known in store.media(found):
        if known.sha256 == sha256:
            return known
    stamp = datetime.fromtimestamp(seen.unix_s, UTC).strftime("%Y%m%dT%H%M%SZ")
    relative = Path(MEDIA_FOLDER) / found.uuid / f"{stamp}-{sha256[:12]}{source.suffix.lower()}"
    _copy(source, store.folder / relative, sha256=sha256)
    details = {**seen.details(), "original_name": source.name, "bytes": size, "simulated": found.simulated}
    if kind is Kind.PHOTO:
        details["camera_time"] = camera_time(source)
    media = Media(sha256, relative.as_posix(), kind.value, seen.unix_s, details)
    with store.transaction() as batch:
        batch.put_media(found.id, media)
    return media


def camera_time(file: Path) -> str:
    """The camera's own clock as it wrote it, of an unknown zone; empty where it wrote none."""
    try:
        with Image.open(file) as picture:
            told = picture.getexif().get_ifd(_EXIF_SUB_BLOCK).get(ExifTags.Base.DateTimeOriginal)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return ""
    return str(told) if told else ""


def _checked(source: Path, kind: Kind) -> int:
    """Its size. Raises BadInput for what cannot be kept."""
    if not source.is_file():
        raise BadInput(NO_FILE, where=str(source))
    size = source.stat().st_size
    if size == 0:
        raise BadInput(EMPTY, where=source.name)
    if size > LARGEST_BYTES:
        raise BadInput(TOO_LARGE.with_(limit=LARGEST_BYTES / 1e6), where=source.name)
    if kind is Kind.PHOTO and not _is_photo(source):
        raise BadInput(NO_PHOTO.with_(suffix=source.suffix or "-"), where=source.name)
    return size


def _is_photo(source: Path) -> bool:
    """By its content where we can open it, by its name for what only the camera's maker can."""
    if source.suffix.lower() in TAKEN_AS_THEY_ARE:
        return True
    wanted = OPENED_BY_US.get(source.suffix.lower())
    if wanted is None:
        return False
    try:
        with Image.open(source, formats=[wanted]) as picture:
            picture.verify()
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Refused(NOT_KEPT.with_(why=system_said(error))) from error


def _copy(source: Path, target: Path, *, sha256: str) -> None:
    """On disk before the database speaks of it, and read back."""
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as old, partial.open("wb") as new:
            shutil.copyfileobj(old, new, _BLOCK)
            new.flush()
            os.fsync(new.fileno())
        if _sha256(partial) != sha256:
            raise Refused(NOT_KEPT.with_(why=source.name))
        partial.replace(target)
    except OSError as error:
        raise Refused(NOT_KEPT.with_(why=system_said(error))) from error
    finally:
        with suppress(OSError):  # gone already, or never made
            partial.unlink()
