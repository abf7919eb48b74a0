"""A station that speaks HJ 212 as an instrument: its real-time values as events, its requests for answers met."""

from collections import Counter

from dronesampler.events import GasReported, Stamp
from dronesampler.problems import BadInput
from dronesampler.sampler.driver import InstrumentEvent
from dronesampler.sampler.hj212 import WATER_SYSTEMS
from dronesampler.sampler.hj212_session import Listener
from dronesampler.sampler.hj212_values import Value, values_of
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.status import Status
from dronesampler.sampler.tunnel import STATUSES
from dronesampler.texts import Text

BAD_KEY = Text(
    "配置“{name}”的 hj212.key 应为 32 个十六进制数字",
    "hj212.key in the profile {name!r} must be 32 hexadecimal digits",
)


class Hj212Driver:
    """`[hj212]` in a profile: `key` (32 hexadecimal digits) where the station encrypts. The profile's quantities are
    named by factor code (a24088); codes it does not name are counted."""

    def __init__(self, profile: Profile, port: str) -> None:
        self._profile, self._port = profile, port
        self.rejected: Counter[str] = Counter()
        text = str(profile.extra["hj212"].get("key", ""))
        try:
            key = bytes.fromhex(text) if text else None
            self._listener = Listener(key=key)
        except ValueError as reason:
            raise BadInput(BAD_KEY.with_(name=profile.name)) from reason
        self._answer = b""

    def reopened(self, *, mid_stream: bool) -> None:
        self._answer = b""  # a packet cut in two has a length and a checksum that say so

    def due(self, now_s: float) -> bytes:
        answer, self._answer = self._answer, b""
        return answer

    def feed(self, data: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        heard = self._listener.feed(data, at.monotonic_s)
        self._answer += heard.send
        self.rejected["damaged packet"] += len(heard.broken)
        events: list[InstrumentEvent] = []
        for packet in heard.packets:
            self.rejected["water"] += packet.st in WATER_SYSTEMS
            events += [event for value in values_of(packet) if (event := self._event(value, at))]
        return tuple(events)

    def _event(self, value: Value, at: Stamp) -> GasReported | None:
        if value.kind != "Rtd":
            return None
        if self._profile.quantity(value.code) is None:
            self.rejected["other factor"] += 1
            return None
        # The wire's codes have no word for maintenance or standstill: those values are as good as a fault's.
        status = value.status if value.status in STATUSES else Status.FAULT
        return GasReported(
            at,
            f"{self._port} {value.mn}",
            value.code,
            value.value,
            instrument_s=value.unix_s,
            status=STATUSES.index(status),
        )
