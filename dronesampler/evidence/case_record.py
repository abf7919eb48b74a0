"""What a case.json must hold: a small schema, checked without a library, so that the check travels with the program."""

from collections.abc import Iterator, Mapping
from typing import Any

from dronesampler.texts import Text

CASE_FORMAT = "dronesampler-case/1"
Kind = type | tuple[type, ...]

NUMBER = (int, float)
OPTIONAL_NUMBER = (int, float, type(None))

SCHEMA: Mapping[str, Mapping[str, Kind] | Kind] = {
    "format": str,
    "id": str,
    "simulated": bool,
    "agency": str,
    "officers": list,
    "patrol": {
        "uuid": str,
        "name": str,
        "started_unix_s": NUMBER,
        "ended_unix_s": OPTIONAL_NUMBER,
        "aircraft": dict,
        "clock_factor": NUMBER,
    },
    "park": {"name": str, "simulated": bool, "bounds_deg": list},
    "instruments": list,
    "readings": {"count": int, "maximum_mg_m3": OPTIONAL_NUMBER},
    "track": {"points": int, "length_m": NUMBER},
    "findings": {"suspected": list},
    "files": list,
    "environment": dict,
    "retention_until": str,
}

MISSING = Text("缺少字段", "the field is missing")
WRONG_TYPE = Text("字段类型不对", "the field has a wrong type")
OTHER_FORMAT = Text("不认识的 case.json 格式：{found}", "unknown format of case.json: {found}")
NOT_AN_OBJECT = Text("不是 JSON 对象", "not a JSON object")


def case_faults(case: Any) -> Iterator[tuple[str, Text]]:
    """(field, what is wrong with it) for everything that is not as the schema says."""
    if not isinstance(case, dict):
        yield "", NOT_AN_OBJECT
        return
    if case.get("format") != CASE_FORMAT:
        yield "format", OTHER_FORMAT.with_(found=case.get("format"))
    yield from _faults(case, SCHEMA, place="")


def _faults(values: Mapping[str, Any], schema: Mapping[str, Any], *, place: str) -> Iterator[tuple[str, Text]]:
    for name, kind in schema.items():
        value = values.get(name)
        if name not in values:
            yield place + name, MISSING
        elif isinstance(kind, Mapping):
            if isinstance(value, dict):
                yield from _faults(value, kind, place=f"{place}{name}.")
            else:
                yield place + name, WRONG_TYPE
        elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            yield place + name, WRONG_TYPE
