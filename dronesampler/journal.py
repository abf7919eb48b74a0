"""Journal entries and their hash chain: pure values, no I/O."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


def canonical_json(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8, no NaN. Raises ValueError on NaN or infinity."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a journal. `body` is any JSON object; `previous` is the hash of the entry before."""

    seq: int
    unix_s: float
    kind: str
    body: Mapping[str, Any]
    previous: str

    def line(self) -> bytes:
        """The entry as one canonical JSON line without its own hash."""
        return canonical_json(
            {"seq": self.seq, "unix_s": self.unix_s, "kind": self.kind, "body": self.body, "previous": self.previous}
        )

    def digest(self) -> str:
        """SHA-256 of the line, hexadecimal: what the next entry names as `previous`."""
        return hashlib.sha256(self.line()).hexdigest()


def follow(last: Entry | None, *, unix_s: float, kind: str, body: Mapping[str, Any]) -> Entry:
    """The next entry of a journal."""
    return Entry(
        seq=last.seq + 1 if last else 0,
        unix_s=unix_s,
        kind=kind,
        body=body,
        previous=last.digest() if last else GENESIS,
    )


def first_break(entries: Iterable[Entry]) -> int | None:
    """The sequence number of the first entry that does not follow from the one before, or None."""
    previous, expected = GENESIS, 0
    for entry in entries:
        if entry.seq != expected or entry.previous != previous:
            return expected
        previous, expected = entry.digest(), expected + 1
    return None
