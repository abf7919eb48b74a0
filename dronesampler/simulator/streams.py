"""When each message is sent: intervals by message, set by command or by the older stream groups."""

from dronesampler.simulator.telemetry import Builder, Speaks
from dronesampler.simulator.wire import Outbox


class Streams:
    """The schedule of one autopilot's messages. Times are the vehicle's seconds."""

    def __init__(self, builders: dict[int, Builder], *, defaults_hz: dict[int, float]) -> None:
        self._builders = builders
        self._defaults_s = {k: 1.0 / hz for k, hz in defaults_hz.items()}
        self._interval_s = dict(self._defaults_s)
        self._due_s: dict[int, float] = {}

    def knows(self, message_id: int) -> bool:
        return message_id in self._builders

    def set_interval(self, message_id: int, interval_us: float) -> bool:
        """0 is the default rate, -1 off. False when there is no such message."""
        if message_id not in self._builders:
            return False
        self._due_s.pop(message_id, None)
        if interval_us < 0:
            self._interval_s.pop(message_id, None)
        elif interval_us == 0:
            self._interval_s.pop(message_id, None)
            if message_id in self._defaults_s:
                self._interval_s[message_id] = self._defaults_s[message_id]
        else:
            self._interval_s[message_id] = interval_us / 1e6
        return True

    def interval_us(self, message_id: int) -> int:
        """-1 when off, 0 when there is no such message."""
        if message_id not in self._builders:
            return 0
        return round(self._interval_s[message_id] * 1e6) if message_id in self._interval_s else -1

    def reset(self) -> None:
        """As after a reboot."""
        self._interval_s = dict(self._defaults_s)
        self._due_s.clear()

    def say_once(self, message_id: int, who: Speaks, out: Outbox) -> bool:
        """Send one now; False when there is no such message or it has nothing to say."""
        message = self._builders[message_id](who) if message_id in self._builders else None
        if message is not None:
            out.say(message)
        return message is not None

    def tick(self, now_s: float, who: Speaks, out: Outbox) -> None:
        """Send what is due."""
        for message_id, interval_s in self._interval_s.items():
            due_s = self._due_s.get(message_id, now_s)
            if now_s + 1e-9 < due_s:
                continue
            # Keep the beat unless far behind, as after a suspend.
            self._due_s[message_id] = due_s + interval_s if now_s - due_s < interval_s else now_s + interval_s
            message = self._builders[message_id](who)
            if message is not None:
                out.say(message)
