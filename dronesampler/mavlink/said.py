"""The autopilot's own words: STATUSTEXT chunks joined, PX4 events named."""

from dataclasses import dataclass, field

from dronesampler.events import Stamp, TextSaid
from dronesampler.mavlink.dialect import Message
from dronesampler.mavlink.px4_events import event_words

CHUNK = 50
CHUNKS_AT_MOST = 8


@dataclass(slots=True)
class TextJoiner:
    """Joins chunked texts by sender and id. A text whose chunk was lost comes out with […] in its place."""

    _open: dict[tuple[int, int, int], dict[int, str]] = field(default_factory=dict)

    def take(self, message: Message, at: Stamp) -> list[TextSaid]:
        """The texts that are now whole."""
        if message.name == "EVENT":
            words = event_words(message["id"], bytes(message["arguments"]))
            return [_said(message, at, words, severity=message["log_levels"] & 0x0F)] if words else []
        if message["id"] == 0:
            return [_said(message, at, message["text"])]
        return self._chunk(message, at)

    def _chunk(self, message: Message, at: Stamp) -> list[TextSaid]:
        sender = (message.system, message.component)
        # Another id of the same sender means that the rest of an older text was lost.
        done = [
            _said(message, at, _joined(self._open.pop(key)))
            for key in list(self._open)
            if key[:2] == sender and key[2] != message["id"]
        ]
        chunks = self._open.setdefault((*sender, message["id"]), {})
        chunks[message["chunk_seq"]] = message["text"]
        last = len(message["text"].encode()) < CHUNK
        if last or len(chunks) >= CHUNKS_AT_MOST:
            del self._open[(*sender, message["id"])]
            done.append(_said(message, at, _joined(chunks)))
        return done


def _joined(chunks: dict[int, str]) -> str:
    return "".join(chunks.get(n, "[…]") for n in range(max(chunks) + 1))


def _said(message: Message, at: Stamp, text: str, *, severity: int | None = None) -> TextSaid:
    # A tab at the end is PX4's mark for "also sent as an event".
    return TextSaid(
        at,
        severity=message["severity"] if severity is None else severity,
        text=text.rstrip("\t "),
        system_id=message.system,
        component_id=message.component,
    )
