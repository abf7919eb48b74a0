"""Make a route over a park for the wind of the day and write it as a mission file.

PARK may be a park file or a bare GeoJSON polygon; FILE's ending chooses the format.
"""

import argparse
from typing import Any

from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.texts import Text

EXAMPLE = (
    "  dronesampler plan assets/demo-park.geojson --pattern crosswind-ladder --wind 135,3 -o ladder.plan\n"
    "  dronesampler plan area.geojson --pattern area-grid --set spacing_m=20 --wind 0,0 -o grid.plan\n"
    "  dronesampler plan --list outlet-tour"
)

BAD_PAIR = Text("“{value}”应写作 {form}", "“{value}” must be written {form}")
NEEDED = Text("需要 {what}", "{what} is needed")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("park", nargs="?", metavar="PARK", help="park file or bare GeoJSON polygon")
    parser.add_argument(
        "--list", nargs="?", const="", metavar="NAME", help="show the patterns, or one with its settings"
    )
    parser.add_argument("--pattern", metavar="NAME", help="how to fly")
    parser.add_argument(
        "--set", action="append", default=[], metavar="K=V", help="a setting of the pattern; repeatable"
    )
    parser.add_argument("--wind", metavar="FROM_DEG,M_S", help="where the wind comes from, and how fast; 0,0 is calm")
    parser.add_argument("--aircraft", metavar="FILE", help="JSON file with the aircraft's figures")
    parser.add_argument("--home", metavar="LAT,LON", help="take-off place (default: the park's, else its first vertex)")
    parser.add_argument("-o", "--out", metavar="FILE", help="mission file to write")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.planning import plan_to_file
    from dronesampler.plan import Aircraft, read_aircraft

    if args.list is not None:
        return _list(args.list, out)
    for what in ("park", "pattern", "wind", "out"):
        if getattr(args, what) is None:
            raise BadInput(NEEDED.with_(what=what.upper() if what == "park" else f"--{what}"))
    done = plan_to_file(
        args.park,
        args.pattern,
        wind=pair(args.wind, form="FROM_DEG,M_S"),
        out=args.out,
        settings=dict(_setting(word) for word in args.set),
        aircraft=read_aircraft(args.aircraft) if args.aircraft else Aircraft(),
        home=pair(args.home, form="LAT,LON") if args.home else None,
    )
    for problem in (*(p.text for p in done.refused), *done.lost, *done.plan.route.why):
        out.progress(problem)
    out.result(_summary(done))
    return 0


def pair(text: str, *, form: str) -> tuple[float, float]:
    """Two numbers with a comma between."""
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadInput(BAD_PAIR.with_(value=text, form=form)) from error
    return first, second


def _setting(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise BadInput(BAD_PAIR.with_(value=word, form="K=V"))
    return key.strip(), value.strip()


def _summary(done: Any) -> dict[str, Any]:
    mission, route = done.plan.mission, done.plan.route
    return {
        "files": [str(f) for f in done.files],
        "pattern": mission.pattern,
        "items": len(mission.items),
        "waypoints": len(route.stops),
        "length_m": round(done.plan.length_m(), 1),
        "speed_m_s": route.speed_m_s,
        "simulated": mission.simulated,
    }


def _list(name: str, out: Output) -> int:
    from dronesampler.plan import PATTERNS
    from dronesampler.plan.make import pattern_named

    names = [pattern_named(name)] if name else list(PATTERNS.values())
    values = {
        p.name: {
            "reason": p.reason.said(out.lang),
            "settings": {s.key: {"default": s.default, "text": s.text.said(out.lang)} for s in p.parameters},
            "presets": {preset: dict(values) for preset, values in p.presets.items()},
        }
        for p in names
    }
    lines = []
    for p in names:
        lines.append(f"{p.name}: {p.reason.said(out.lang)}")
        if name:
            lines += [f"  {s.key}={s.default}  {s.text.said(out.lang)}" for s in p.parameters]
            lines += [f"  preset={k}: " + ", ".join(f"{a}={b}" for a, b in v.items()) for k, v in p.presets.items()]
    out.result({"patterns": values}, "\n".join(lines))
    return 0
