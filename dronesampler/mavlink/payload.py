"""Values that payloads send, from any component: gas, and the air that conversions need."""

from collections.abc import Callable

from dronesampler.events import AirReported, Event, GasReported, Stamp
from dronesampler.mavlink.dialect import Message, finite

TUNNEL_PRIVATE = 32_767  # payload types above are ours or a maker's
ABSOLUTE_ZERO_C = -273.15


def translate_payload(message: Message, at: Stamp) -> list[Event]:
    """The gas or air values in a payload's message."""
    return PAYLOAD_MESSAGES[message.name](message, at)


def _component(m: Message) -> str:
    return f"{m.system}/{m.component}"


def _named_float(m: Message, at: Stamp) -> list[Event]:
    value = finite(m["value"])
    if value is None:
        return []
    return [GasReported(at, _component(m), m["name"], value, instrument_s=m["time_boot_ms"] / 1e3, raw=m.raw)]


def _named_int(m: Message, at: Stamp) -> list[Event]:
    return [
        GasReported(at, _component(m), m["name"], float(m["value"]), instrument_s=m["time_boot_ms"] / 1e3, raw=m.raw)
    ]


def _vector(m: Message, at: Stamp) -> list[Event]:
    return [
        GasReported(at, _component(m), f"{m['name']}.{axis}", value, instrument_s=m["time_usec"] / 1e6, raw=m.raw)
        for axis in "xyz"
        if (value := finite(m[axis])) is not None
    ]


def _array(m: Message, at: Stamp) -> list[Event]:
    """Zero tails are not sent in MAVLink 2, so the last value that is not zero ends the array."""
    values = list(m["data"])
    while values and values[-1] == 0.0:
        values.pop()
    return [
        GasReported(at, _component(m), f"{m['name']}.{n}", value, instrument_s=m["time_usec"] / 1e6, raw=m.raw)
        for n, value in enumerate(values)
        if finite(value) is not None
    ]


def _tunnel(m: Message, at: Stamp) -> list[Event]:
    """Handed on as bytes: only the sampler room knows what a private payload type holds."""
    if m["payload_type"] <= TUNNEL_PRIVATE:
        return []
    data = bytes(m["payload"][: m["payload_length"]])
    return [GasReported(at, _component(m), f"TUNNEL {m['payload_type']}", float("nan"), raw=data)]


def _pressure(m: Message, at: Stamp) -> list[Event]:
    if not m["press_abs"]:
        return []
    celsius = m["temperature"] / 100
    temperature_c = celsius if celsius > ABSOLUTE_ZERO_C else None
    return [AirReported(at, _component(m), m["press_abs"], temperature_c, None)]


def _hygrometer(m: Message, at: Stamp) -> list[Event]:
    return [AirReported(at, _component(m), None, m["temperature"] / 100, m["humidity"] / 100)]


PAYLOAD_MESSAGES: dict[str, Callable[[Message, Stamp], list[Event]]] = {
    "NAMED_VALUE_FLOAT": _named_float,
    "NAMED_VALUE_INT": _named_int,
    "DEBUG_VECT": _vector,
    "DEBUG_FLOAT_ARRAY": _array,
    "TUNNEL": _tunnel,
    "SCALED_PRESSURE": _pressure,
    "SCALED_PRESSURE2": _pressure,
    "SCALED_PRESSURE3": _pressure,
    "HYGROMETER_SENSOR": _hygrometer,
}
