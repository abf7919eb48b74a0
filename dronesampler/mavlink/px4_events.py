"""Words for PX4's EVENT messages: refusals and failsafes are told by event number only."""

import struct

# Event number -> (words, how the arguments are packed). Words are the autopilot's, arguments are filled in by place.
_WORDS: dict[int, tuple[str, str]] = {
    0x0106ED29: ("No manual control input", ""),
    0x0105C2D9: ("No valid mission available", ""),
    0x01D31BB9: ("Navigation error: No valid position estimate", ""),
    0x0198C273: ("Navigation error: No valid global position estimate", ""),
    0x01FEB270: ("Ignoring mission item, invalid item", ""),
    0x0102089D: ("Arming denied: Resolve system health failures first", ""),
    0x0167C97B: ("No connection to the ground control station", ""),
    0x01BCBE91: ("GPS fix too low", ""),
    0x01C7CE3A: ("Not enough GPS Satellites", ""),
    0x01AF6FD6: ("GPS Vertical Position Drift too high", ""),
    0x01BB5124: ("Global position estimate required", ""),
    0x01E04AA7: ("GNSS data fusion stopped", ""),
    0x01E95843: ("GNSS data fusion started", ""),
    0x01013630: ("Home position not set", ""),
    0x011C8F61: ("Mode not suitable for arming", ""),
    0x01797473: ("Vehicle is in safety configuration", ""),
    0x014D0DA4: ("Low battery", ""),
    0x0128180B: ("Critical battery", ""),
    0x01AD1B07: ("Emergency battery level", ""),
    0x01EE1647: ("Dangerously low battery! Shutting system down", ""),
    0x0159387D: ("Dangerously low battery! System shut down failed", ""),
    0x01022EAB: ("Geofence violation: approaching or outside geofence", ""),
    0x01D47520: ("Geofence violation: exceeding maximum altitude above Home", ""),
    0x01A77115: ("Geofence invalid, doesn't contain Home position", ""),
    0x012B352D: ("Geofence violation for waypoint {0}", "B"),
    0x01CDEBC4: ("Reposition is outside geofence", ""),
    0x01820270: ("Operation timeout, aborting transfer", ""),
    0x012A0939: ("Mission upload busy, ignoring MISSION_COUNT", ""),
    0x0140213F: ("Ignoring mission clear command, busy", ""),
    0x01CF0A29: ("New mission waypoint sequence out of bounds", ""),
    0x01D93424: ("GCS connection regained", ""),
    0x01A4B458: ("Connection to ground control station lost", ""),
    0x0155CD44: ("Manual control lost", ""),
    0x010AE2BD: ("Manual control regained after {0:.1f} s", "f"),
    0x010EAC3F: ("Pilot took over using sticks", ""),
    0x018EB130: ("RTL: unsupported MAV_FRAME ({0})", "B"),
    0x0102D3AA: ("RTL: land at destination", ""),
    0x01FE4222: ("Mission rejected: takeoff is not the first waypoint item", ""),
    0x01AFCEB9: ("Mission rejected: Mission contains VTOL items but vehicle is not a VTOL", ""),
    0x0185E823: ("Mission rejected: item {0}: unsupported command: {1}", "HB"),
    0x016BD68A: ("Mission start denied! No valid mission", ""),
    0x0133BACC: ("No valid mission available, loitering", ""),
    0x018AB9B5: ("Disarming denied: not landed", ""),
    0x012F2F05: ("Unsupported auto mode", ""),
    0x01A04397: ("Switching to this mode is currently not possible", ""),
    0x01CA98D9: ("Failsafe warning", ""),
    0x018293EF: ("Failsafe warning", ""),
    0x01BA6953: ("Low battery level, return advised", ""),
    0x01D11DF6: ("Failsafe: entering Hold first", ""),
    0x0194CA8A: ("Failsafe: switching mode", ""),
    0x01DEDBD0: ("Failsafe activated: switching mode", ""),
    0x0144B3E0: ("Failsafe activated: entering Hold first", ""),
    0x01C2DC72: ("Failsafe activated: Autopilot disengaged, switching to Descend", ""),
}

# Events that take an accepted plan back.
REJECTIONS = frozenset({0x0185E823, 0x01FE4222, 0x01AFCEB9, 0x012B352D, 0x01A77115})
FENCE_REJECTIONS = frozenset({0x01A77115})  # those that are of the fence itself, not of the route against it


def event_words(event_id: int, arguments: bytes) -> str:
    """The event in words with its arguments, "" for one that matters to nobody here."""
    words, packing = _WORDS.get(event_id, ("", ""))
    if not packing:
        return words
    layout = struct.Struct("<" + packing)
    return words.format(*layout.unpack(arguments[: layout.size].ljust(layout.size, b"\0")))
