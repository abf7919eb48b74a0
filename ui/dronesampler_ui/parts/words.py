"""Numbers and times as the officer reads them, the same everywhere."""

from datetime import datetime


def local_time(unix_s: float) -> str:
    """Date and time of this computer's zone, with the offset."""
    moment = datetime.fromtimestamp(unix_s).astimezone()
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M} UTC{offset[:3]}:{offset[3:]}"


def length_m(metres: float) -> str:
    return f"{metres / 1000:.2f} km" if metres >= 1000 else f"{metres:.0f} m"


def duration(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes}:{left:02d}"


def clock_time(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s).astimezone().strftime("%H:%M:%S")


def degrees(lat_deg: float, lon_deg: float) -> str:
    ns = "N" if lat_deg >= 0 else "S"
    ew = "E" if lon_deg >= 0 else "W"
    return f"{abs(lat_deg):.6f}° {ns}  {abs(lon_deg):.6f}° {ew}"


def sentence(words: str) -> str:
    """With a capital letter."""
    return words[:1].upper() + words[1:]


def metres(value: float) -> str:
    """Whole metres, never "-0"."""
    return f"{round(value) + 0:d} m"
