"""Make a route over a park for the wind of the day and write it as a mission file.

PARK may be a park file or a bare GeoJSON polygon; FILE's ending chooses the format.
"""

import argparse
import math
from pathlib import Path
from typing import Any

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.wording import place_said
from dronesampler.problems import BadInput, Problem
from dronesampler.texts import SIMULATED, Text

ABOUT = Text(
    """按当日风向为园区规划航线，写成航线文件。

PARK 可以是园区文件，也可以是单独的 GeoJSON 多边形；FILE 的扩展名决定格式。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler plan assets/demo-park.geojson --pattern crosswind-ladder --wind 135,3 -o ladder.plan\n"
    "  dronesampler plan area.geojson --pattern area-grid --set spacing_m=20 --wind 0,0 -o grid.plan\n"
    "  dronesampler plan --list outlet-tour"
)

BAD_PAIR = Text("“{value}”应写作 {form}", "“{value}” must be written {form}")
NO_PLACE = Text(
    "{value} 不在地球上：纬度和经度是否写反了？", "{value} is not on the earth: are latitude and longitude swapped?"
)
SAID = Text(
    "{files}：{points} 个航点，{length:.1f} km，约 {minutes:.0f} 分钟，{wh:.0f} Wh{mark}",
    "{files}: {points} waypoints, {length:.1f} km, about {minutes:.0f} min, {wh:.0f} Wh{mark}",
)
OPTIONS = {"energy.battery": "--split", "park.datum": "--datum"}  # what the command line calls the remedy
NEEDED = Text("需要 {what}", "{what} is needed")


def arguments(parser: Options) -> None:
    parser.add_argument(
        "park",
        nargs="?",
        metavar="PARK",
        help=Text("园区文件，或单独的 GeoJSON 多边形", "park file or bare GeoJSON polygon"),
    )
    parser.add_argument(
        "--list",
        nargs="?",
        const="",
        metavar="NAME",
        help=Text("列出航线模式，或某个模式的设置", "show the patterns, or one with its settings"),
    )
    parser.add_argument("--pattern", metavar="NAME", help=Text("航线模式", "how to fly"))
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="K=V",
        help=Text("航线模式的设置；可重复", "a setting of the pattern; repeatable"),
    )
    parser.add_argument(
        "--wind",
        metavar="FROM_DEG,M_S",
        help=Text("风的来向和风速；0,0 为静风", "where the wind comes from, and how fast; 0,0 is calm"),
    )
    parser.add_argument(
        "--aircraft", metavar="FILE", help=Text("机型文件（TOML 或 JSON）", "the aircraft's figures, TOML or JSON")
    )
    parser.add_argument(
        "--home",
        metavar="LAT,LON",
        help=Text(
            "起飞点（默认：园区的起飞点，否则为其第一个顶点）",
            "take-off place (default: the park's, else its first vertex)",
        ),
    )
    parser.add_argument(
        "--terrain",
        metavar="PATH",
        type=Path,
        help=Text("随地形起伏：.hgt 或 GeoTIFF 文件，或文件夹", "follow the ground: .hgt or GeoTIFF, or a folder"),
    )
    parser.add_argument(
        "--rally",
        action="append",
        default=[],
        metavar="LAT,LON",
        help=Text("集结点；可重复", "rally point; repeatable"),
    )
    parser.add_argument(
        "--split",
        action="store_true",
        help=Text("每架次一个文件，在电量将不足处切分", "one file a sortie, cut where a battery would run low"),
    )
    parser.add_argument(
        "--fence-airspace",
        action="store_true",
        help=Text("把管制空域作为禁入区加入围栏", "add controlled airspace to the fence as zones to stay out of"),
    )
    parser.add_argument("-o", "--out", metavar="FILE", help=Text("要写的航线文件", "mission file to write"))


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
        home=place(args.home) if args.home else None,
        rally=[place(text) for text in args.rally],
        sorties=args.split,
        terrain=args.terrain,
        fence_airspace=args.fence_airspace,
    )
    for text in (*(p.text for p in done.refused), *done.lost, *done.plan.route.why):
        out.progress(text)
    for problem in done.findings:
        out.progress(problem_line(problem, out))
    out.result(_summary(done, out), _said(done))
    return 0


def pair(text: str, *, form: str) -> tuple[float, float]:
    """Two numbers with a comma between."""
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadInput(BAD_PAIR.with_(value=text, form=form)) from error
    if not (math.isfinite(first) and math.isfinite(second)):
        raise BadInput(BAD_PAIR.with_(value=text, form=form))
    return first, second


def place(text: str) -> tuple[float, float]:
    """A latitude and a longitude on the earth."""
    lat, lon = pair(text, form="LAT,LON")
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0):
        raise BadInput(NO_PLACE.with_(value=text))
    return lat, lon


def problem_line(problem: Problem, out: Output) -> str:
    """One finding as a line."""
    where = f"{place_said(problem.where, out.lang)}: " if problem.where else ""
    hint = f" ({OPTIONS[problem.rule]})" if problem.rule in OPTIONS else ""
    return f"{problem.severity.word.said(out.lang)} {problem.rule}: {where}{problem.text.said(out.lang)}{hint}"


def problem_values(problem: Problem, out: Output) -> dict[str, Any]:
    """One finding for programs."""
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "where": problem.where,
        "text": problem.text.said(out.lang),
        "lat_deg": problem.lat_deg,
        "lon_deg": problem.lon_deg,
    }


def _setting(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise BadInput(BAD_PAIR.with_(value=word, form="K=V"))
    return key.strip(), value.strip()


def _summary(done: Any, out: Output) -> dict[str, Any]:
    mission, route, forecast = done.plan.mission, done.plan.route, done.forecast
    return {
        "files": [str(f) for f in done.files],
        "pattern": mission.pattern,
        "items": len(mission.items),
        "waypoints": len(route.stops),
        "length_m": round(done.plan.length_m(), 1),
        "speed_m_s": route.speed_m_s,
        "seconds": round(forecast.seconds, 1),
        "energy_wh": round(forecast.energy_wh, 1),
        "why": [text.said(out.lang) for text in route.why],
        "problems": [problem_values(p, out) for p in done.findings],
        "simulated": mission.simulated,
    }


def _said(done: Any) -> Text:
    forecast, mark = done.forecast, Text("", "")
    if done.plan.mission.simulated:
        mark = Text(f"（{SIMULATED.zh}）", f" ({SIMULATED.en})")
    values = {"points": len(done.plan.route.stops), "length": done.plan.length_m() / 1000, "wh": forecast.energy_wh}
    files = ", ".join(str(f) for f in done.files)
    return SAID.with_(files=files, minutes=forecast.seconds / 60, mark=mark, **values)


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
