"""The tables of the database as SQLAlchemy Core sees them; the migrations make them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up by itself only in a column called INTEGER, which holds 64 bits there.
RowId = BigInteger().with_variant(Integer(), "sqlite")

program = Table(
    "program",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

park = Table(
    "park",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("document", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("stored_unix_s", Double, nullable=False),
)

patrol = Table(
    "patrol",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("uuid", String(36), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("started_unix_s", Double, nullable=False),
    Column("ended_unix_s", Double),
    Column("simulated", Boolean, nullable=False),
    Column("clock_factor", Double, nullable=False),
    Column("aircraft", Text, nullable=False),
    Column("park_id", RowId, ForeignKey("park.id")),
    Column("state", String(16), nullable=False),
    Column("counts", Text, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("document", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("stored_unix_s", Double, nullable=False),
)

# One quantity of one instrument in one patrol: what its readings share is kept once.
stream = Table(
    "stream",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False),
    Column("instrument", Text, nullable=False),
    Column("component", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    UniqueConstraint("patrol_id", "instrument", "component", "quantity", "unit", "simulated", name="uq_stream"),
)

reading_raw = Table(
    "reading_raw",
    metadata,
    Column("patrol_id", RowId, ForeignKey("patrol.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("stream_id", RowId, ForeignKey("stream.id"), nullable=False),
    Column("raw_value", Double),
    Column("instrument_seq", BigInteger),
    Column("instrument_unix_s", Double),
    Column("boot_s", Double),
    Column("arrival_monotonic_ns", BigInteger),
    Column("arrival_unix_us", BigInteger, nullable=False),
    Column("status", Integer),
    Column("raw", LargeBinary),
    sqlite_with_rowid=False,
)

# `id` grows in the order of writing, so what no chunk covers yet is what comes after the chunk's last id.
reading_placed = Table(
    "reading_placed",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("stream_id", RowId, ForeignKey("stream.id"), nullable=False),
    Column("time_s", Double, nullable=False),
    Column("lat_deg", Double),
    Column("lon_deg", Double),
    Column("height_agl_m", Double),
    Column("height_home_m", Double),
    Column("position_error_m", Double),
    Column("value_mg_m3", Double),
    Column("ok", Boolean, nullable=False),
    Column("flags", Text, nullable=False),
    Column("code_version", String(40), nullable=False),
    UniqueConstraint("patrol_id", "seq"),
    ForeignKeyConstraint(["patrol_id", "seq"], ["reading_raw.patrol_id", "reading_raw.seq"]),
    Index("ix_reading_placed_stream_id_id", "stream_id", "id"),
)

reading_chunk = Table(
    "reading_chunk",
    metadata,
    Column("stream_id", RowId, ForeignKey("stream.id"), primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("last_id", RowId, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("columns", LargeBinary, nullable=False),
)

track = Table(
    "track",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("time_s", Double, nullable=False),
    Column("lat_deg", Double),
    Column("lon_deg", Double),
    Column("height_home_m", Double),
    Column("height_agl_m", Double),
    Column("heading_deg", Double),
    Column("speed_m_s", Double),
)

wind = Table(
    "wind",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("time_s", Double, nullable=False),
    Column("from_deg", Double),
    Column("speed_m_s", Double),
    Column("height_agl_m", Double),
    Column("source", Text, nullable=False),
)

journal_entry = Table(
    "journal_entry",
    metadata,
    Column("patrol_id", RowId, ForeignKey("patrol.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("unix_s", Double, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("stored_unix_s", Double, nullable=False),
    Column("analysis", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("code_version", String(40), nullable=False),
)

import_file = Table(
    "import_file",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), index=True),
    Column("park_id", RowId, ForeignKey("park.id")),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("imported_unix_s", Double, nullable=False),
    Column("rejected", Text, nullable=False),
    Column("details", Text, nullable=False),
)

packet = Table(
    "packet",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("verified", Boolean),
    Column("stored_unix_s", Double, nullable=False),
)

media = Table(
    "media",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("taken_unix_s", Double),
    Column("details", Text, nullable=False),
)

# A record that lives longer than a patrol (a sample, a case): an append-only chain of entries of its own.
dossier = Table(
    "dossier",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("number", String(60), nullable=False),
    Column("patrol_id", RowId, ForeignKey("patrol.id"), nullable=False, index=True),
    Column("simulated", Boolean, nullable=False),
    Column("opened_unix_s", Double, nullable=False),
    UniqueConstraint("kind", "number"),
)

dossier_entry = Table(
    "dossier_entry",
    metadata,
    Column("dossier_id", RowId, ForeignKey("dossier.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("unix_s", Double, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
