"""Other aircraft in MAVLink's words: ADS-B receivers and Remote ID, single messages and packs of them."""

import struct
from collections.abc import Callable

from dronesampler.events import Event, Stamp, TrafficSeen, TrafficSource
from dronesampler.mavlink.dialect import Message

PLACE, HEIGHT, TRACK, SPEED, CALLSIGN, MADE_UP, CLIMB = 1, 2, 4, 8, 16, 64, 128  # ADSB_FLAGS
NO_DIRECTION_CDEG, NO_SPEED_CM_S, NO_CLIMB_CM_S, NO_HEIGHT_M = 36_100, 25_500, 6_300, -1000.0
PART_BYTES = 25  # of a message in a pack, after ASTM F3411
BASIC_ID, LOCATION = 0, 1  # its kinds that matter here


def translate_traffic(message: Message, at: Stamp, *, own: int | None) -> list[Event]:
    """The aircraft in a message; `own` is our vehicle's system id, whose own Remote ID is no traffic."""
    if message.name == "ADSB_VEHICLE":
        return [_adsb(message, at)]
    key = _remote_key(message)
    if message.system == own and not key:
        return []
    return _REMOTE[message.name](message, at, key or f"system {message.system}")


def _adsb(m: Message, at: Stamp) -> TrafficSeen:
    told = m["flags"]
    placed = bool(told & PLACE)
    address = f"{m['ICAO_address']:06X}"
    return TrafficSeen(
        at,
        TrafficSource.ADSB,
        address,
        name=m["callsign"].strip() if told & CALLSIGN and m["callsign"].strip() else address,
        lat_deg=m["lat"] / 1e7 if placed else None,
        lon_deg=m["lon"] / 1e7 if placed else None,
        height_sea_m=m["altitude"] / 1e3 if told & HEIGHT else None,
        track_deg=m["heading"] / 100 if told & TRACK else None,
        speed_m_s=m["hor_velocity"] / 100 if told & SPEED else None,
        climb_m_s=m["ver_velocity"] / 100 if told & (SPEED | CLIMB) else None,
        age_s=float(m["tslc"]),
        simulated=bool(told & MADE_UP),
    )


def _remote_key(m: Message) -> str:
    """Who sent it over the air; empty for what an aircraft says of itself."""
    return bytes(m["id_or_mac"]).rstrip(b"\0").hex()


def _basic_id(m: Message, at: Stamp, key: str) -> list[Event]:
    return [TrafficSeen(at, TrafficSource.REMOTE_ID, key, name=_name(bytes(m["uas_id"])))]


def _name(raw: bytes) -> str:
    text = raw.split(b"\0", 1)[0].decode("ascii", "replace").strip()
    return "".join(letter for letter in text if letter.isprintable())


def _location(m: Message, at: Stamp, key: str) -> list[Event]:
    placed = bool(m["latitude"] or m["longitude"])
    height_m = m["altitude_barometric"] if m["altitude_geodetic"] <= NO_HEIGHT_M else m["altitude_geodetic"]
    return [
        TrafficSeen(
            at,
            TrafficSource.REMOTE_ID,
            key,
            lat_deg=m["latitude"] / 1e7 if placed else None,
            lon_deg=m["longitude"] / 1e7 if placed else None,
            height_sea_m=float(height_m) if height_m > NO_HEIGHT_M else None,
            track_deg=m["direction"] / 100 if m["direction"] < NO_DIRECTION_CDEG else None,
            speed_m_s=m["speed_horizontal"] / 100 if m["speed_horizontal"] < NO_SPEED_CM_S else None,
            climb_m_s=m["speed_vertical"] / 100 if m["speed_vertical"] < NO_CLIMB_CM_S else None,
        )
    ]


def _pack(m: Message, at: Stamp, key: str) -> list[Event]:
    """Several messages as they are sent over the air."""
    if m["single_message_size"] != PART_BYTES:
        return []
    data = bytes(m["messages"])
    parts = [data[k * PART_BYTES : (k + 1) * PART_BYTES] for k in range(min(m["msg_pack_size"], 9))]
    events: list[Event] = []
    for part in parts:
        if part[0] >> 4 == BASIC_ID:
            events.append(TrafficSeen(at, TrafficSource.REMOTE_ID, key, name=_name(part[2:22])))
        elif part[0] >> 4 == LOCATION:
            events.append(_packed_location(part, at, key))
    return events


def _packed_location(part: bytes, at: Stamp, key: str) -> TrafficSeen:
    """ASTM F3411-22a, 5.4.5.6: direction in two halves, speed in two ranges, heights in half metres from -1000."""
    flags, direction, speed, climb, lat, lon, pressure, geodetic = struct.unpack_from("<BBBbiiHH", part, 1)
    placed = bool(lat or lon)
    fast, west = flags & 1, flags >> 1 & 1
    height_m = (geodetic or pressure) * 0.5 + NO_HEIGHT_M
    return TrafficSeen(
        at,
        TrafficSource.REMOTE_ID,
        key,
        lat_deg=lat / 1e7 if placed else None,
        lon_deg=lon / 1e7 if placed else None,
        height_sea_m=height_m if height_m > NO_HEIGHT_M else None,
        track_deg=float(direction + 180 * west) if direction < 180 else None,
        speed_m_s=None if speed == 255 and fast else speed * 0.75 + 63.75 if fast else speed * 0.25,
        climb_m_s=climb * 0.5 if abs(climb) < 126 else None,
    )


_REMOTE: dict[str, Callable[[Message, Stamp, str], list[Event]]] = {
    "OPEN_DRONE_ID_BASIC_ID": _basic_id,
    "OPEN_DRONE_ID_LOCATION": _location,
    "OPEN_DRONE_ID_MESSAGE_PACK": _pack,
}
TRAFFIC_MESSAGES = frozenset({"ADSB_VEHICLE", *_REMOTE})
