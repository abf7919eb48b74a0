"""An item as named text fields, for formats that let a program keep a few words of its own beside each point."""

import json
import math
from collections.abc import Mapping

from dronesampler.mission.losses import number
from dronesampler.mission.mission import NAN, Frame, Item
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_value
from dronesampler.texts import Text

BAD_FIELD = Text("字段 {name} 的值“{value}”无法读取", "field {name} has the value “{value}”, which cannot be read")
NAMES = ("command", "frame", "p1", "p2", "p3", "p4", "autocontinue", "note")


def fields_of(item: Item) -> dict[str, str]:
    """All of an item but its place and height."""
    params = {f"p{n}": number(value) for n, value in enumerate(item.params, 1)}
    auto = "1" if item.autocontinue else "0"
    return {
        "command": str(int(item.command)),
        "frame": item.frame.value,
        **params,
        "autocontinue": auto,
        "note": item.note,
    }


def item_of(fields: Mapping[str, str], *, lat_deg: float, lon_deg: float, height_m: float) -> Item:
    """The item that `fields_of` wrote. Raises BadInput naming the field."""
    name = ""
    try:
        name = "command"
        command = int(fields[name])
        name = "frame"
        frame = Frame(fields.get(name, Frame.HOME.value))
        params = []
        for name in ("p1", "p2", "p3", "p4"):
            value = fields.get(name, "")
            params.append(float(value) if value else NAN)
    except (KeyError, ValueError) as problem:
        raise BadInput(BAD_FIELD.with_(name=name, value=fields.get(name, ""))) from problem
    if any(map(math.isinf, (*params, lat_deg, lon_deg, height_m))):
        raise BadInput(BAD_FIELD.with_(name=name, value="inf"))
    return Item(
        command,
        lat_deg,
        lon_deg,
        height_m,
        frame=frame,
        params=(params[0], params[1], params[2], params[3]),
        autocontinue=fields.get("autocontinue", "1") != "0",
        note=fields.get("note", ""),
    )


def settings_text(settings: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(settings), ensure_ascii=False)


def settings_of(text: str) -> tuple[tuple[str, str], ...]:
    """Back from `settings_text`; nothing where the text is something else."""
    try:
        values = json_value(text or "{}")
    except BadInput:
        return ()
    return tuple((str(k), str(v)) for k, v in values.items()) if isinstance(values, dict) else ()
