"""Tells a record that does not fit from a disk that does not write, and keeps such a record all the same."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError, StatementError

from dronesampler.store import rows
from dronesampler.store.records import JournalRow, Record

RECORD_REFUSED = "record refused"  # kind of the journal's entry

# What an insert may raise. Of these the first four, and what is no database error at all, are the record's fault;
# everything else that a database raises is the disk's or the server's.
_RECORDS = (IntegrityError, DataError, ProgrammingError, InterfaceError)
INSERT_ERRORS = (StatementError, KeyError, ValueError, TypeError, AttributeError, OverflowError)


def is_records(error: Exception) -> bool:
    """Whether the record is at fault, not the medium."""
    return isinstance(error, _RECORDS) or not isinstance(error, DBAPIError)


def put_kept(
    connection: Connection, patrol_id: int, records: Sequence[Record], *, unix_s: float
) -> tuple[Counter[int], list[str]]:
    """Insert records together, or where one of them is at fault singly: that one becomes an entry of the journal.

    Returns how many rows were placed by stream id, and why records were refused. Raises what is the medium's fault.
    """
    try:
        with connection.begin_nested():
            return rows.put_records(connection, patrol_id, records), []
    except INSERT_ERRORS as error:
        if not is_records(error):
            raise
    placed, reasons = Counter[int](), []
    for record in records:
        try:
            with connection.begin_nested():
                placed += rows.put_records(connection, patrol_id, [record])
        except INSERT_ERRORS as error:
            if not is_records(error):
                raise
            reasons.append(str(error.orig) if isinstance(error, DBAPIError) else repr(error))
            note = JournalRow(unix_s, RECORD_REFUSED, {"record": ascii(record), "reason": reasons[-1]})
            rows.put_journal(connection, patrol_id, [note])
    return placed, reasons
