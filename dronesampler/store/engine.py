"""Opens the database: SQLite that survives a power cut, or PostgreSQL that a team shares."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from dronesampler.problems import BadInput, system_said
from dronesampler.texts import Text

DATABASE_NAME = "dronesampler.sqlite"
_FILE_ENDINGS = (".sqlite", ".sqlite3", ".db")

_NO_DRIVER = Text(
    "打开 PostgreSQL 数据库需要 psycopg：请运行 pip install 'dronesampler[postgresql]'。",
    "A PostgreSQL database needs psycopg: run pip install 'dronesampler[postgresql]'.",
)
_NOT_A_FOLDER = Text(
    "{path} 不能用作数据文件夹：那里已有一个同名文件。请另选文件夹，或给出以 .sqlite 结尾的数据库文件。",
    "{path} cannot be the data folder: a file is in its place. Name another folder, or a file that ends in .sqlite.",
)
_NO_FOLDER = Text(
    "无法建立数据文件夹 {path}：{why}。请换一个可写的位置。",
    "The data folder {path} cannot be made: {why}. Choose a place that can be written to.",
)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a database is: a file with the data folder around it, or a server (then both are None)."""

    url: URL
    file: Path | None = None
    folder: Path | None = None


def locate(place: Path | str) -> Location:
    """A data folder, an SQLite file, or a `postgresql://` URL as a location. Makes the folder; raises BadInput."""
    if isinstance(place, str) and place.startswith(("postgresql:", "postgresql+", "postgres:")):
        url = make_url("postgresql" + place[place.index(":") :] if place.startswith("postgres:") else place)
        return Location(url.set(drivername="postgresql+psycopg"))
    path = Path(place).expanduser()
    file = path if path.suffix.lower() in _FILE_ENDINGS and not path.is_dir() else path / DATABASE_NAME
    if file.parent.exists() and not file.parent.is_dir():
        raise BadInput(_NOT_A_FOLDER.with_(path=file.parent))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(_NO_FOLDER.with_(path=file.parent, why=system_said(error))) from error
    return Location(URL.create("sqlite", database=str(file)), file, file.parent)


def connect(location: Location, *, busy_s: float = 10.0) -> Engine:
    """An engine on that location. `busy_s`: how long SQLite waits for another program's transaction."""
    if location.file is None:
        try:
            return create_engine(location.url, pool_pre_ping=True)  # a server may have restarted meanwhile
        except ModuleNotFoundError as error:
            raise BadInput(_NO_DRIVER) from error
    engine = create_engine(location.url, connect_args={"timeout": busy_s})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Each commit on disk before it is reported (FULL), readers beside the writer (WAL), references checked."""
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own way does not cover DDL and SELECT
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=2000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it is kept, or on an exception nothing."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: a consistent view of the database."""
    with engine.connect() as connection, connection.begin():
        yield connection
