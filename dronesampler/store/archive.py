"""Backups of a data folder: the database as it is in one moment, and the files beside it, each with its SHA-256.

A backup is a plain folder: dronesampler.sqlite, raw/, media/, packets/ (and keys/ where asked for), backup.json, and
SHA256SUMS, which `sha256sum -c` reads too.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from dronesampler import __version__
from dronesampler.clock import Clock
from dronesampler.problems import BadInput, Refused, library_said, system_said
from dronesampler.store.engine import DATABASE_NAME
from dronesampler.store.store import Store
from dronesampler.texts import Text

FOLDERS = ("raw", "media", "packets")
KEYS = "keys"
SUMS = "SHA256SUMS"
ABOUT = "backup.json"
_BLOCK = 1 << 20

NO_DATABASE = Text(
    "{folder} 中没有 dronesampler 数据库，无可备份。请用 --data 指定数据文件夹。",
    "There is no dronesampler database in {folder}: nothing to back up. Name the data folder with --data.",
)
NO_BACKUP = Text(
    "{folder} 不是备份：缺少 {name}。请给出 dronesampler backup 建立的文件夹。",
    "{folder} is no backup: {name} is missing. Name a folder that dronesampler backup made.",
)
DAMAGED = Text(
    "备份已损坏，未恢复：{what}。请使用另一份备份。",
    "The backup is damaged and was not restored: {what}. Use another backup.",
)
NOT_EMPTY = Text(
    "数据文件夹 {folder} 不是空的。加 --replace 可恢复备份，原有数据将改名保留在旁边。",
    "The data folder {folder} is not empty. With --replace the backup takes its place and the old data is kept aside.",
)
FAILED = Text("备份或恢复失败：{why}。原有数据未改动。", "It failed: {why}. The data is as it was.")
TARGET_IS_FILE = Text("这是文件，不是文件夹；备份要写入一个文件夹", "it is a file; a backup is written into a folder")
DATABASE_SAYS = Text("数据库：{why}", "the database says: {why}")
_MISSING = Text("缺少 {name}", "{name} is missing")
_ADDED = Text("多出 {name}", "{name} was added")
_CHANGED = Text("{name} 被改动", "{name} was changed")
_UNREADABLE = Text("文件读取失败（{why}）", "a file cannot be read ({why})")
BROKEN_COPY = Text(
    "备份写入后与原件不符：{what}。请换一个介质再试。",
    "The backup does not read back as it was written: {what}. Try another medium.",
)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written and read back, or verified."""

    folder: Path
    files: int
    size_bytes: int


def back_up(data: Path, target: Path, *, clock: Clock, progress: Progress, keys: bool = False) -> Backup:
    """Write a backup of the data folder into a new folder below `target` and verify it by reading it back.

    Runs while the program records. Private keys are left out unless `keys`. Raises BadInput and Refused.
    """
    if not (data / DATABASE_NAME).is_file():
        raise BadInput(NO_DATABASE.with_(folder=data))
    if target.exists() and not target.is_dir():
        raise BadInput(TARGET_IS_FILE, where=str(target))
    stamp = datetime.fromtimestamp(clock.unix_s(), UTC).strftime("%Y%m%dT%H%M%SZ")
    final = _free_name(target / f"dronesampler-backup-{stamp}")
    partial = final.with_name(final.name + ".partial")
    try:
        partial.mkdir(parents=True)
        _copy_database(data / DATABASE_NAME, partial / DATABASE_NAME)
        for name in (*FOLDERS, KEYS) if keys else FOLDERS:
            _copy_folder(data / name, partial / name, progress)
        about = {"made_utc": stamp, "program": __version__, "from": str(data), "keys": keys}
        (partial / ABOUT).write_text(json.dumps(about, ensure_ascii=False), "utf-8")
        _write_sums(partial)
        if problems := damage(partial):
            raise Refused(BROKEN_COPY.with_(what=problems[0]))
        partial.rename(final)
    except OSError as error:
        raise Refused(FAILED.with_(why=system_said(error))) from error
    except sqlite3.Error as error:
        raise Refused(FAILED.with_(why=DATABASE_SAYS.with_(why=library_said(error)))) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return _told(final)


def restore(backup: Path, data: Path, *, clock: Clock, replace: bool = False) -> Path | None:
    """Put a verified backup in place of the data folder; where the old data went, if there was any.

    The copy is opened (and migrated) before anything is replaced, so that a newer program's backup is refused first.
    Keys that the backup does not hold stay those of the old data. Raises BadInput and Refused.
    """
    check(backup)
    data = data.resolve()
    occupied = data.exists() and (not data.is_dir() or any(data.iterdir()))
    if occupied and not replace:
        raise Refused(NOT_EMPTY.with_(folder=data))
    stamp = datetime.fromtimestamp(clock.unix_s(), UTC).strftime("%Y%m%dT%H%M%SZ")
    fresh = _free_name(data.with_name(f"{data.name}.restoring-{stamp}"))
    aside = _free_name(data.with_name(f"{data.name}.before-restore-{stamp}")) if occupied else None
    try:
        shutil.copytree(backup, fresh, ignore=shutil.ignore_patterns(SUMS, ABOUT))
        if not (backup / KEYS).is_dir() and (data / KEYS).is_dir():
            shutil.copytree(data / KEYS, fresh / KEYS)
        Store.open(fresh, clock=clock).close()
        _sync(fresh)
        _exchange(data, fresh, aside)
    except OSError as error:
        raise Refused(FAILED.with_(why=system_said(error))) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return aside


def check(backup: Path) -> Backup:
    """Verify every file of a backup; raises BadInput if it is none, Refused if it is damaged."""
    for name in (SUMS, DATABASE_NAME):
        if not (backup / name).is_file():
            raise BadInput(NO_BACKUP.with_(folder=backup, name=name))
    try:
        problems = damage(backup)
    except OSError as error:
        problems = [_UNREADABLE.with_(why=system_said(error))]
    except ValueError:
        problems = [_UNREADABLE.with_(why=SUMS)]
    if problems:
        first = problems[:5]
        what = Text("；".join(p.zh for p in first), "; ".join(p.en for p in first))
        raise Refused(DAMAGED.with_(what=what))
    return _told(backup)


def damage(backup: Path) -> list[Text]:
    """What is not as SHA256SUMS says: changed, missing and added files; and what SQLite says of the database."""
    listed = {}
    for line in (backup / SUMS).read_bytes().decode().rstrip("\n").split("\n"):
        digest, _, name = line.partition("  ")
        listed[name] = digest
    present = {_name(backup, file) for file in _files(backup)} - {SUMS}
    problems = [_MISSING.with_(name=name) for name in sorted(listed.keys() - present)]
    problems += [_ADDED.with_(name=name) for name in sorted(present - listed.keys())]
    changed = (name for name in sorted(present & listed.keys()) if sha256(backup / name) != listed[name])
    problems += [_CHANGED.with_(name=name) for name in changed]
    return problems or _database_damage(backup / DATABASE_NAME)


def sha256(file: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _database_damage(file: Path) -> list[Text]:
    """SQLite's own check, on a read-only connection that leaves no file behind."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(3)").fetchall()
    except sqlite3.Error as error:
        return [DATABASE_SAYS.with_(why=library_said(error))]
    return [] if found == [("ok",)] else [DATABASE_SAYS.with_(why=row[0]) for row in found]


def _copy_database(source: Path, target: Path) -> None:
    """As it is in one moment, while others write; in one file without a write-ahead log."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=4096, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE").close()


def _copy_folder(source: Path, target: Path, progress: Progress) -> None:
    """Files only; one that still grows is copied as far as it is now."""
    for file in _files(source) if source.is_dir() else ():
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        progress(_name(source.parent, file))
        with file.open("rb") as old, copy.open("wb") as new:
            shutil.copyfileobj(old, new, _BLOCK)
            new.flush()
            os.fsync(new.fileno())
        shutil.copystat(file, copy)


def _write_sums(folder: Path) -> None:
    lines = [f"{sha256(file)}  {_name(folder, file)}\n" for file in _files(folder)]
    (folder / SUMS).write_bytes("".join(lines).encode())
    _sync(folder)


def _exchange(data: Path, fresh: Path, aside: Path | None) -> None:
    """The new folder for the old one; if that fails half way, back as it was."""
    if aside is not None:
        data.rename(aside)
    elif data.exists():
        data.rmdir()
    try:
        fresh.rename(data)
    except OSError:
        if aside is not None:
            aside.rename(data)
        raise


def _sync(folder: Path) -> None:
    for file in _files(folder):
        with file.open("rb+" if os.name == "nt" else "rb") as stream:  # Windows syncs only what may be written
            os.fsync(stream.fileno())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _name(folder: Path, file: Path) -> str:
    return str(PurePosixPath(*file.relative_to(folder).parts))


def _free_name(path: Path) -> Path:
    """The path, or with a number where that is taken."""
    return next(p for p in (path, *(path.with_name(f"{path.name}-{k}") for k in range(2, 1000))) if not p.exists())


def _told(folder: Path) -> Backup:
    sizes = [file.stat().st_size for file in _files(folder)]
    return Backup(folder, len(sizes), sum(sizes))
