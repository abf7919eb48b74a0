"""Fit an aircraft's power model to your own flights: hover power, drag and climbing from battery, speed and climb.

LOG is a flight log (tlog, DataFlash .BIN or .log, ULog) or a patrol of the data folder (its id, uuid or "last"). FILE
is what --aircraft of plan, check and the others reads; masses and limits that no log tells are taken from --aircraft.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import SIMULATED, Text

ABOUT = Text(
    """用自己的飞行拟合机型的功率模型：由电池、速度和爬升得到悬停功率、阻力和爬升效率。

LOG 是飞行日志（tlog、DataFlash .BIN 或 .log、ULog）或数据文件夹里的巡查（编号、uuid 或 last）。FILE 供 plan、check
等的 --aircraft 读取；日志说明不了的质量和限值取自 --aircraft。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler aircraft flight.BIN flight2.tlog -o our-quad.toml\n"
    "  dronesampler aircraft last --aircraft our-quad.toml -o our-quad.toml"
)
SAID = Text(
    "悬停 {hover_w:.0f} W，阻力 {drag:.3f} W/(m/s)³，爬升效率 {climb:.2f}；{seconds:.0f} 秒飞行，剩余误差 {left:.0f} W"
    "（悬停功率的 {share:.1%}）{held}{mark}",
    "hover {hover_w:.0f} W, drag {drag:.3f} W/(m/s)³, climb efficiency {climb:.2f}; {seconds:.0f} s of flight, "
    "{left:.0f} W left ({share:.1%} of hover power){held}{mark}",
)
HELD = Text("，未参与拟合的飞行用电误差 {error:+.1%}", ", energy of flight held out of the fit {error:+.1%}")
WRITTEN = Text("已写入 {file}", "{file} written")


def arguments(parser: Options) -> None:
    parser.add_argument("logs", nargs="+", metavar="LOG", help=Text("飞行日志或巡查", "flight log or patrol"))
    parser.add_argument(
        "--aircraft", metavar="FILE", help=Text("其余参数取自的机型文件", "aircraft file that gives everything else")
    )
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help=Text("要写入的 .toml", "the .toml to write"))


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.aircraft_fit import fit_aircraft, write_aircraft
    from dronesampler.plan import read_aircraft

    base = read_aircraft(args.aircraft) if args.aircraft else None
    found = fit_aircraft(args.logs, data=Path(args.data), aircraft=base)
    for note in found.notes:
        out.progress(note)
    if args.out:
        write_aircraft(found, args.out, lang=out.lang)
        out.progress(WRITTEN.with_(file=args.out))
    fitted, made = found.fit, found.fit.aircraft
    numbers = {"hover_w": made.hover_w, "drag": made.drag_w_s3_m3, "climb": made.climb_efficiency}
    held = HELD.with_(error=found.held_out) if found.held_out is not None else Text("", "")
    mark = Text(f"（{SIMULATED.zh}）", f" ({SIMULATED.en})") if found.simulated else Text("", "")
    quality = {"seconds": found.rows.seconds, "left": fitted.residual_w, "share": fitted.residual_share}
    values = {
        "hover_w": round(made.hover_w, 1),
        "drag_w_s3_m3": round(made.drag_w_s3_m3, 4),
        "climb_efficiency": round(made.climb_efficiency, 3),
        "rows": fitted.rows,
        "seconds": round(found.rows.seconds, 1),
        "residual_w": round(fitted.residual_w, 1),
        "residual_share": round(fitted.residual_share, 4),
        "held_out_energy_error": None if found.held_out is None else round(found.held_out, 4),
        "with_wind": found.rows.with_wind,
        "notes": [note.said(out.lang) for note in found.notes],
        "simulated": found.simulated,
        "out": str(args.out) if args.out else None,
    }
    out.result(values, SAID.with_(**numbers, **quality, held=held, mark=mark))
    return 0
