"""The drivers there are, by what a profile describes."""

from collections.abc import Callable, Mapping

from dronesampler.problems import BadInput
from dronesampler.sampler.driver import Driver
from dronesampler.sampler.hj212_driver import Hj212Driver
from dronesampler.sampler.line import LineDriver
from dronesampler.sampler.modbus_driver import ModbusDriver
from dronesampler.sampler.profile import Profile
from dronesampler.texts import Text

NO_LINE = Text(
    "配置“{name}”没有说明接口协议（line、modbus 或 hj212）：它只用于 MAVLink",
    "the profile {name!r} describes no protocol (line, modbus or hj212): it is for MAVLink only",
)
_MAKERS: Mapping[str, Callable[[Profile, str], Driver]] = {
    "line": LineDriver,
    "modbus": ModbusDriver,
    "hj212": Hj212Driver,
}


def driver_for(profile: Profile, *, port: str) -> Driver:
    """The driver that the profile describes; `port` names the component of its events. Raises BadInput."""
    for key, make in _MAKERS.items():
        if key in profile.extra:
            return make(profile, port)
    raise BadInput(NO_LINE.with_(name=profile.name))
