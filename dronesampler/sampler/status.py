"""What an instrument and the checks say of a reading, after the status signals of NAMUR NE 107."""

from enum import StrEnum


class Status(StrEnum):
    """The state of the instrument while it gave the reading, or what the checks made of it."""

    NORMAL = "normal"
    WARM_UP = "warm-up"
    OUT_OF_RANGE = "out of range"
    FAULT = "fault"
    CALIBRATION = "calibration"
    MAINTENANCE = "maintenance"
    STALE = "stale"
    STUCK = "stuck"
    SPIKE = "spike"
    HUMID = "humid"
    MISSING = "missing"  # no number: NaN, -999, an empty field


class Namur(StrEnum):
    """The four signals of NE 107, and good."""

    GOOD = "good"
    FAILURE = "F"
    CHECK = "C"
    OUT_OF_SPECIFICATION = "S"
    MAINTENANCE = "M"


_NAMUR = {
    Status.NORMAL: Namur.GOOD,
    Status.WARM_UP: Namur.OUT_OF_SPECIFICATION,
    Status.OUT_OF_RANGE: Namur.OUT_OF_SPECIFICATION,
    Status.FAULT: Namur.FAILURE,
    Status.CALIBRATION: Namur.CHECK,
    Status.MAINTENANCE: Namur.MAINTENANCE,
    Status.STALE: Namur.FAILURE,
    Status.STUCK: Namur.FAILURE,
    Status.SPIKE: Namur.OUT_OF_SPECIFICATION,
    Status.HUMID: Namur.OUT_OF_SPECIFICATION,
    Status.MISSING: Namur.FAILURE,
}


def namur(status: Status) -> Namur:
    """The signal after NE 107 that a status raises."""
    return _NAMUR[status]
