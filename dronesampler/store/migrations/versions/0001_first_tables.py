"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "park",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("stored_unix_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park")),
        sa.UniqueConstraint("sha256", name=op.f("uq_park_sha256")),
    )
    op.create_table(
        "program",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_program")),
    )
    op.create_table(
        "patrol",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started_unix_s", sa.Double(), nullable=False),
        sa.Column("ended_unix_s", sa.Double(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("clock_factor", sa.Double(), nullable=False),
        sa.Column("aircraft", sa.Text(), nullable=False),
        sa.Column("park_id", ROW_ID, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_patrol_park_id_park")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol")),
        sa.UniqueConstraint("uuid", name=op.f("uq_patrol_uuid")),
    )
    op.create_table(
        "finding",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("stored_unix_s", sa.Double(), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_finding_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_patrol_id"), "finding", ["patrol_id"], unique=False)
    op.create_table(
        "import_file",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=True),
        sa.Column("park_id", ROW_ID, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("imported_unix_s", sa.Double(), nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["park_id"], ["park.id"], name=op.f("fk_import_file_park_id_park")),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_import_file_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_patrol_id"), "import_file", ["patrol_id"], unique=False)
    op.create_index(op.f("ix_import_file_sha256"), "import_file", ["sha256"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unix_s", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_journal_entry_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("patrol_id", "seq", name=op.f("pk_journal_entry")),
    )
    op.create_table(
        "media",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken_unix_s", sa.Double(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_media_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_patrol_id"), "media", ["patrol_id"], unique=False)
    op.create_table(
        "packet",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("stored_unix_s", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_packet_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet")),
    )
    op.create_index(op.f("ix_packet_patrol_id"), "packet", ["patrol_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_unix_s", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_plan_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_patrol_id"), "plan", ["patrol_id"], unique=False)
    op.create_table(
        "stream",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_stream_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream")),
        sa.UniqueConstraint("patrol_id", "instrument", "component", "quantity", "unit", "simulated", name="uq_stream"),
    )
    op.create_table(
        "track",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("lat_deg", sa.Double(), nullable=True),
        sa.Column("lon_deg", sa.Double(), nullable=True),
        sa.Column("height_home_m", sa.Double(), nullable=True),
        sa.Column("height_agl_m", sa.Double(), nullable=True),
        sa.Column("heading_deg", sa.Double(), nullable=True),
        sa.Column("speed_m_s", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_track_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
    )
    op.create_index(op.f("ix_track_patrol_id"), "track", ["patrol_id"], unique=False)
    op.create_table(
        "wind",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("from_deg", sa.Double(), nullable=True),
        sa.Column("speed_m_s", sa.Double(), nullable=True),
        sa.Column("height_agl_m", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_wind_patrol_id_patrol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wind")),
    )
    op.create_index(op.f("ix_wind_patrol_id"), "wind", ["patrol_id"], unique=False)
    op.create_table(
        "reading_chunk",
        sa.Column("stream_id", ROW_ID, nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", ROW_ID, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("fk_reading_chunk_stream_id_stream")),
        sa.PrimaryKeyConstraint("stream_id", "chunk", name=op.f("pk_reading_chunk")),
    )
    op.create_table(
        "reading_raw",
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stream_id", ROW_ID, nullable=False),
        sa.Column("raw_value", sa.Double(), nullable=True),
        sa.Column("instrument_seq", sa.BigInteger(), nullable=True),
        sa.Column("instrument_unix_s", sa.Double(), nullable=True),
        sa.Column("boot_s", sa.Double(), nullable=True),
        sa.Column("arrival_monotonic_ns", sa.BigInteger(), nullable=True),
        sa.Column("arrival_unix_us", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_reading_raw_patrol_id_patrol")),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("fk_reading_raw_stream_id_stream")),
        sa.PrimaryKeyConstraint("patrol_id", "seq", name=op.f("pk_reading_raw")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reading_placed",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("patrol_id", ROW_ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("stream_id", ROW_ID, nullable=False),
        sa.Column("time_s", sa.Double(), nullable=False),
        sa.Column("lat_deg", sa.Double(), nullable=True),
        sa.Column("lon_deg", sa.Double(), nullable=True),
        sa.Column("height_agl_m", sa.Double(), nullable=True),
        sa.Column("height_home_m", sa.Double(), nullable=True),
        sa.Column("position_error_m", sa.Double(), nullable=True),
        sa.Column("value_mg_m3", sa.Double(), nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["patrol_id", "seq"],
            ["reading_raw.patrol_id", "reading_raw.seq"],
            name=op.f("fk_reading_placed_patrol_id_seq_reading_raw"),
        ),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("fk_reading_placed_stream_id_stream")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_placed")),
        sa.UniqueConstraint("patrol_id", "seq", name=op.f("uq_reading_placed_patrol_id_seq")),
    )
    op.create_index("ix_reading_placed_stream_id_id", "reading_placed", ["stream_id", "id"], unique=False)
