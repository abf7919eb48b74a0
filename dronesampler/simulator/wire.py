"""MAVLink 2 bytes to messages and back, for one simulated component."""

from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect
from pymavlink.generator.mavcrc import x25crc

__all__ = ["Listener", "Message", "Outbox", "Speaker", "dialect", "payload_of"]

Message = Any  # a pymavlink message; the library has no types
MAGIC_V2 = 0xFD
HEADER = 10
REQUEST_EVENT = "UNKNOWN_412"  # what the library calls the one message it lacks that a station sends us


class Speaker:
    """Numbers and packs what one component says."""

    def __init__(self, system: int, component: int) -> None:
        self.system, self.component = system, component
        self._link = dialect.MAVLink(None, srcSystem=system, srcComponent=component)
        self._link.robust_parsing = True

    def frame(self, message: Message) -> bytes:
        """The message as a frame."""
        data: bytes = bytes(message.pack(self._link))
        self._link.seq = (self._link.seq + 1) % 256
        return data

    def raw_frame(self, message_id: int, payload: bytes, *, crc_extra: int) -> bytes:
        """A frame of a message, or with fields, that the library's dialect does not know yet."""
        payload = payload.rstrip(b"\0") or b"\0"
        head = bytes([len(payload), 0, 0, self._link.seq, self.system, self.component]) + message_id.to_bytes(
            3, "little"
        )
        self._link.seq = (self._link.seq + 1) % 256
        crc = x25crc(head + payload)
        crc.accumulate(bytes([crc_extra]))
        return bytes([MAGIC_V2]) + head + payload + int(crc.crc).to_bytes(2, "little")


class Listener:
    """Finds the messages in a stream of bytes; what is broken or unknown is passed over."""

    def __init__(self) -> None:
        self._link = dialect.MAVLink(None)
        self._link.robust_parsing = True

    def heard(self, data: bytes) -> list[Message]:
        """Messages complete so far, in order."""
        messages = self._link.parse_buffer(data) or []
        return [m for m in messages if m.get_type() == REQUEST_EVENT or _is_known(m)]


def payload_of(message: Message) -> bytes:
    """The fields of a message that the library's dialect does not know."""
    return bytes(message.get_msgbuf())[HEADER:-2]


def _is_known(message: Message) -> bool:
    return message.get_msgId() >= 0 and not message.get_type().startswith("UNKNOWN")


TEXT_CHUNK = 50


class Outbox:
    """What a component is about to send. Texts leave after the messages of the same moment, as autopilots do it."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._frames: list[bytes] = []
        self._texts: list[tuple[int, str]] = []
        self._text_id = 0
        self.hold_texts = False  # they wait while nobody listens

    def say(self, message: Message) -> None:
        self._frames.append(self.speaker.frame(message))

    def say_raw(self, message_id: int, payload: bytes, *, crc_extra: int) -> None:
        """A message with fields that the library's dialect does not know."""
        self._frames.append(self.speaker.raw_frame(message_id, payload, crc_extra=crc_extra))

    def text(self, severity: int, text: str) -> None:
        """A STATUSTEXT; longer ones are cut in chunks of 50."""
        self._texts.append((severity, text))

    def taken(self) -> list[bytes]:
        """All frames since the last call."""
        if not self.hold_texts:
            for severity, text in self._texts:
                self._say_text(severity, text.encode())
            self._texts.clear()
        frames, self._frames = self._frames, []
        return frames

    def _say_text(self, severity: int, text: bytes) -> None:
        if len(text) <= TEXT_CHUNK:
            return self.say(dialect.MAVLink_statustext_message(severity, text))
        self._text_id = self._text_id % 65_535 + 1
        for k, start in enumerate(range(0, len(text), TEXT_CHUNK)):
            chunk = text[start : start + TEXT_CHUNK]
            self.say(dialect.MAVLink_statustext_message(severity, chunk, self._text_id, k))
        return None
