"""Check an instrument's zero or span with gas, and keep the result: who, when, which bottle, what it read.

With --link the check is made: give the gas first; after the response has settled the readings are averaged. Do it
before the flight and after it: the drift between both decides whether readings can be evidence. Without --link the
checks on file are listed, and what they say of PATROL. The values of a check are marked as calibration.
"""

import argparse
from datetime import UTC, datetime
from typing import Any

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """用标准气体检查仪器的零点或量程，并存档：谁、何时、哪瓶气、读数多少。

给出 --link 时进行检查：先通气，等响应稳定后取平均。飞行前、后各做一次：前后漂移决定读数能否作为证据。
不给 --link 时列出库中的检查，以及它们对 PATROL 说明什么。检查期间的读数标为校准。""",
    __doc__,
)
EXAMPLE = """  dronesampler zero-span my-fid.toml --link serial:COM5:9600 --gas zero --cylinder N2-0042 --officer 李
  dronesampler zero-span my-fid.toml --link serial:COM5:9600 --gas span --certified 8.05 --officer 李
  dronesampler zero-span my-fid.toml --patrol last"""

DONE = Text(
    "{gas}：读数 {read:.3f} mg/m³，应为 {certified:.3f}（{count} 个读数，{cylinder}，{officer}）",
    "{gas}: reads {read:.3f} mg/m³, should read {certified:.3f} ({count} readings, {cylinder}, {officer})",
)
NOT_DONE = Text("检查没有结果：{why}", "the check has no result: {why}")
NOTHING_HEARD = Text("没有收到读数", "no reading came")
LINE = Text(
    "{time} UTC  {gas}：读数 {read:.3f}，应为 {certified:.3f} mg/m³  {cylinder}  {officer}",
    "{time} UTC  {gas}: reads {read:.3f}, should read {certified:.3f} mg/m³  {cylinder}  {officer}",
)
NONE = Text("库中没有这台仪器的检查", "no check of this instrument is on file")
DRIFT = Text(
    "巡查 {patrol}，{quantity}：{verdict}；零点 前 {zero_before} 后 {zero_after} mg/m³，"
    "量程 前 {span_before} 后 {span_after}",
    "patrol {patrol}, {quantity}: {verdict}; zero {zero_before} before, {zero_after} after (mg/m³), "
    "span {span_before} before, {span_after} after",
)
VERDICTS = {
    True: Text("零点和量程合格", "zero and span hold"),
    False: Text("漂移超限", "it has drifted too far"),
    None: Text("缺少检查", "checks are missing"),
}
GASES = {"zero": Text("校零", "zero"), "span": Text("校标", "span")}


def arguments(parser: Options) -> None:
    parser.add_argument(
        "profile",
        metavar="PROFILE",
        help=Text("仪器配置名或 .toml 文件", "the instrument's profile, by name or .toml file"),
    )
    parser.add_argument(
        "--link", metavar="URL", help=Text("仪器所在的链路；给出时进行检查", "its link: the check is made")
    )
    parser.add_argument("--gas", choices=("zero", "span"), default="zero", help=Text("零气或标气", "which gas is on"))
    parser.add_argument(
        "--certified", type=float, default=0.0, metavar="MG_M3", help=Text("标气浓度", "concentration of the span gas")
    )
    parser.add_argument("--cylinder", default="", metavar="NO", help=Text("气瓶编号", "the bottle's number"))
    parser.add_argument("--officer", default="", help=Text("由谁进行", "who makes it"))
    parser.add_argument("--quantity", default="", metavar="NAME", help=Text("项目", "which quantity of several"))
    parser.add_argument(
        "--seconds", type=float, default=30.0, help=Text("稳定后平均多久", "averaged after it has settled")
    )
    parser.add_argument(
        "--patrol", metavar="PATROL", help=Text("检查对哪次巡查说明什么", "what the checks say of that patrol")
    )
    parser.add_argument(
        "--simulated", action="store_true", help=Text("全部标为模拟数据", "mark everything as simulated")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    return _check(args, out) if args.link else _list(args, out)


def _check(args: argparse.Namespace, out: Output) -> int:
    from pathlib import Path

    from dronesampler.clock import SystemClock
    from dronesampler.commands import BeginCheck
    from dronesampler.desk.instruments import fitted_profile
    from dronesampler.desk.listening import Listening, listen

    profile = fitted_profile(args.profile, Path(args.data))
    order = Listening(
        profile=profile,
        link=args.link,
        into=args.data,
        name=f"{profile.name} {args.gas}",
        seconds=4.0 * profile.t90_s + profile.delay_s + args.seconds + 30.0,
        simulated=args.simulated,
        check=BeginCheck(
            1,
            0.0,
            args.officer,
            gas=args.gas,
            quantity=args.quantity,
            certified_mg_m3=args.certified,
            cylinder=args.cylinder,
            seconds=args.seconds,
        ),
    )
    done = listen(order, clock=SystemClock(), heard=lambda _: None, said=out.progress)
    checked = done.checked
    if checked is None or checked.check is None:
        why = NOTHING_HEARD if checked is None or checked.why_not is None else checked.why_not
        out.result({"outcome": "failed", "patrol": done.patrol, "reason": why.said(out.lang)}, NOT_DONE.with_(why=why))
        return 1
    said = DONE.with_(count=checked.readings, **_words(checked.check))
    out.result({"outcome": "done", "patrol": done.patrol, **checked.body()}, said)
    return 0


def _list(args: argparse.Namespace, out: Output) -> int:
    from dataclasses import asdict
    from pathlib import Path

    from dronesampler.desk.instrument_checks import checks_of, drift_around
    from dronesampler.desk.instruments import fitted_profile
    from dronesampler.store import Store

    profile = fitted_profile(args.profile, Path(args.data))
    with Store.open(args.data) as store:
        checks = checks_of(store, profile)
        lines = [LINE.with_(time=_time(c.at_unix_s), **_words(c)) for c in checks] or [NONE]
        values: dict[str, Any] = {"outcome": "done", "checks": [{**asdict(c), "gas": c.gas.value} for c in checks]}
        if args.patrol:
            patrol = store.patrol(args.patrol)
            names = dict.fromkeys(q.species for q in profile.quantities if args.quantity in ("", q.species))
            drifts = {name: drift_around(store, patrol, profile, quantity=name) for name in names}
            values["drift"] = {name: asdict(drift) for name, drift in drifts.items()}
            lines += [_drift_said(patrol.id, name, drift) for name, drift in drifts.items()]
    out.result(values, Text("\n".join(t.zh for t in lines), "\n".join(t.en for t in lines)))
    return 0


def _words(check: Any) -> dict[str, object]:
    return {
        "gas": GASES[check.gas.value],
        "read": check.read_mg_m3,
        "certified": check.certified_mg_m3,
        "cylinder": check.cylinder or "–",
        "officer": check.officer,
    }


def _time(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _drift_said(patrol: int, quantity: str, drift: Any) -> Text:
    def number(value: float | None, form: str) -> str:
        return "–" if value is None else form.format(value)

    return DRIFT.with_(
        patrol=patrol,
        quantity=quantity,
        verdict=VERDICTS[drift.ok],
        zero_before=number(drift.zero_before_mg_m3, "{:+.3f}"),
        zero_after=number(drift.zero_after_mg_m3, "{:+.3f}"),
        span_before=number(drift.span_before_percent, "{:+.1f} %"),
        span_after=number(drift.span_after_percent, "{:+.1f} %"),
    )
