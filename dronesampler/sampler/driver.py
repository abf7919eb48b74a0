"""The seam to an instrument: bytes in, events out, and now and then bytes to send. Sans-IO."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from dronesampler.events import AirReported, GasReported, Stamp
from dronesampler.problems import BadInput
from dronesampler.sampler.profile import Profile
from dronesampler.texts import Text

InstrumentEvent = GasReported | AirReported

NO_LINE = Text(
    "配置“{name}”没有说明接口协议（line、modbus 或 hj212）：它只用于 MAVLink",
    "the profile {name!r} describes no protocol (line, modbus or hj212): it is for MAVLink only",
)


class Driver(Protocol):
    """One instrument on one port. Owned by the thread that reads the port."""

    rejected: Counter[str]  # what came and was no reading, by reason

    def reopened(self, *, mid_stream: bool) -> None:
        """The port was opened (again): what was half said is dropped. `mid_stream`: it may have begun in the midst
        of a message, as a serial line does, so the first end of a message ends nothing that can be trusted."""

    def feed(self, data: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        """Bytes as they arrived; whole messages become events stamped `at`."""

    def due(self, now_s: float) -> bytes:
        """What to send now (monotonic seconds): a request, an answer; b"" mostly."""


def driver_for(profile: Profile, *, port: str) -> Driver:
    """The driver that the profile describes; `port` names the component of its events. Raises BadInput."""
    for key, make in _makers().items():
        if key in profile.extra:
            return make(profile, port)
    raise BadInput(NO_LINE.with_(name=profile.name))


def _makers() -> Mapping[str, Callable[[Profile, str], Driver]]:
    from dronesampler.sampler.hj212_driver import Hj212Driver
    from dronesampler.sampler.line import LineDriver
    from dronesampler.sampler.modbus_driver import ModbusDriver

    return {"line": LineDriver, "modbus": ModbusDriver, "hj212": Hj212Driver}
