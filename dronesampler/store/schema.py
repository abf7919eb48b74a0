"""Brings a database to this program's shape when it is opened, and refuses one that a newer program wrote."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, inspect, select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from dronesampler import __version__
from dronesampler.clock import Clock
from dronesampler.problems import BadInput, Refused, library_said
from dronesampler.store.engine import Location, reading, writing
from dronesampler.store.tables import program
from dronesampler.texts import Text

if TYPE_CHECKING:
    from alembic.config import Config

# In order of age. Opening a database that is up to date compares with the last one and loads no alembic.
REVISIONS = ("0001", "0002", "0003")

_NEWER = Text(
    "这个数据库由更新的 dronesampler（{version}）写成，本程序（{ours}）不能打开，数据未改动。请更新程序。",
    "This database was written by a newer dronesampler ({version}); this one ({ours}) cannot open it and has left "
    "it as it was. Update the program.",
)
_FOREIGN = Text(
    "这不是 dronesampler 的数据库：其中有别的程序的表。请换一个文件或文件夹。",
    "This is not a database of dronesampler: it holds tables of another program. Name another file or folder.",
)
_UNREADABLE = Text(
    "数据库无法打开（{why}）。如果文件损坏，请用 dronesampler restore 恢复备份。",
    "The database cannot be opened ({why}). If the file is damaged, bring a backup back with dronesampler restore.",
)


def bring_up(engine: Engine, location: Location, clock: Clock) -> Path | None:
    """Run the migrations that lack; the backup made before them, if any.

    Raises Refused for a newer database, BadInput for a foreign or unreadable one.
    """
    try:
        with reading(engine) as connection:
            present = _present(connection)
        if present == REVISIONS[-1]:
            return None
        backup = _copy_before(location, present, clock) if present else None
        with writing(engine) as connection:
            _migrate(connection)
    except (OperationalError, DatabaseError) as error:
        raise BadInput(
            _UNREADABLE.with_(why=library_said(error.orig or error)), where=str(location.file or location.url)
        ) from error
    return backup


def _present(connection: Connection) -> str | None:
    """The revision the database is at, None for an empty one."""
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise BadInput(_FOREIGN)
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in REVISIONS:
        written_by = connection.execute(select(program.c.value).where(program.c.key == "written_by")).scalar()
        raise Refused(_NEWER.with_(version=written_by or revision, ours=__version__))
    return None if revision is None else str(revision)


def _copy_before(location: Location, revision: str, clock: Clock) -> Path | None:
    """A copy of the file before it is changed. A PostgreSQL server undoes a failed migration by itself."""
    if location.file is None or location.folder is None:
        return None
    folder = location.folder / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"before-migration-from-{revision}-{int(clock.unix_s())}.sqlite"
    with closing(sqlite3.connect(location.file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


def _migrate(connection: Connection) -> None:
    """All steps in this one transaction, unless another program was quicker."""
    if _present(connection) == REVISIONS[-1]:
        return
    from alembic import command  # a third of a second, and only needed now

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, REVISIONS[-1])
    statement = update(program).where(program.c.key == "written_by").values(value=__version__)
    if connection.execute(statement).rowcount == 0:
        connection.execute(insert(program).values(key="written_by", value=__version__))


def alembic_config() -> "Config":
    """Where the migration files are, without an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
