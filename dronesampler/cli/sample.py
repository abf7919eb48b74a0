"""Physical samples: bags, canisters, tubes and impingers, their custody from hand to hand, and laboratory results.

Every entry is added to the sample's own hash-chained record and never changed: a correction is a further entry. How
long a sample may wait for its analysis is told from a dated table of methods; a limit that nobody has read in the
standard is marked as such. Times without an offset are this computer's.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from dronesampler.casework import Condition, CustodyMode, SampleKind, Trigger, Vessel
from dronesampler.cli import sample_options as options
from dronesampler.cli.options import Options, finite
from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.texts import Lang, Text

ABOUT = Text(
    """实物样品：气袋、真空罐、吸附管、吸收瓶，逐手交接和实验室结果。

每一条都追加到样品自己的哈希链记录，从不改动：更正另立一条。距分析还能放多久，按有生效日期的方法表计算；
未经标准正文核对的时限会注明。不带时区的时间按本机时区。""",
    __doc__,
)
EXAMPLE = """\
  dronesampler sample add last --vessel bag --start 2026-11-22T09:30:00 --stop 2026-11-22T09:31:00 --volume 1 \\
      --method "HJ 604-2017" --seal F-0017 --officer 张三:08-0001 --officer 李四:08-0002
  dronesampler sample label --patrol last -o labels.pdf
  dronesampler sample hand S20261122-001 --to 王五 --mode locked --place 样品室 --seal F-0017 --intact yes
  dronesampler sample result S20261122-001 report.pdf --laboratory 某检测公司 --report JC-2026-118 \\
      --value "NMHC=12.4 mg/m3 0.07" --analysed 2026-11-23T10:00:00
  dronesampler sample list last"""

WHAT = Text("做什么；dronesampler sample WHAT --help 详述", "what to do; dronesampler sample WHAT --help says more")
ENTERED = Text("已记录：{line}", "entered: {line}")
LINE = Text("{number}  {what}  {holder}  {clock}", "{number}  {what}  {holder}  {clock}")
HOLDER = Text("现由{name}保管（{mode}）", "held by {name} ({mode})")
MISSING = Text("  {mark} {words}", "  {mark} {words}")
NONE = Text("没有样品", "there are no samples")
LABELS = Text("{count} 张标签已写入 {file}", "{count} labels written to {file}")
WHICH = Text("请给出样品编号或 --patrol", "name samples, or a patrol with --patrol")
NEEDS = Text("需要 --vessel 和 --start（或 --from-flight）", "--vessel and --start are needed (or --from-flight)")
BAD_CHANGE = Text("“{text}”不是“字段=值”", "{text!r} is not FIELD=VALUE")
BAD_PLACE = Text("“{text}”不是“纬度,经度[,离地高度]”", "{text!r} is not LAT,LON[,HEIGHT]")
SIMULATED_MARK = Text("【模拟数据】", "[SIMULATED] ")
NOTHING_FILLED = Text("这次飞行没有阀门动作记录", "the flight's journal tells of no valve that opened")


class _What(Options):
    """Options of the second word: those that every verb has are taken before and after it."""

    def add_argument(self, *names: str, help: Text | str | None = None, **how: Any) -> argparse.Action:
        if names[0] in ("--data", "--json", "--lang"):
            return super().add_argument(*names, help=argparse.SUPPRESS, **(how | {"default": argparse.SUPPRESS}))
        return super().add_argument(*names, help=help, **how)


def arguments(parser: Options) -> None:
    whats = parser.add_subparsers(
        dest="what", required=True, metavar="WHAT", parser_class=_What, help=WHAT.said(parser.lang)
    )
    for name, (add, about, example) in options.VERBS.items():
        add(whats.add_parser(name, help=about.said(parser.lang), about=about, example=example, lang=parser.lang))


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.store import Store

    with Store.open(Path(args.data)) as store:
        if args.what == "list":
            return _list(store, args, out)
        if args.what == "label":
            return _label(store, args, out)
        records = _enter(store, args)
        from dronesampler.casework.lines import line_of

        now_s = store.clock.unix_s()
        lines = [line_of(record, now_unix_s=now_s) for record in records]
    values = {"outcome": "done", "samples": [line.as_json() for line in lines]}
    out.result(values, "\n".join(ENTERED.with_(line=_said(line, out.lang)).said(out.lang) for line in lines))
    return 0


def _enter(store: Any, args: argparse.Namespace) -> list[Any]:
    from dronesampler.casework import Handover, LabResult, Sealing
    from dronesampler.desk import samples

    now_s = store.clock.unix_s()
    if args.what == "add":
        return _add(store, args)
    if args.what == "seal":
        sealing = Sealing(args.seal, args.at or now_s, args.by, args.witness, reason=args.reason)
        return [samples.seal_sample(store, args.number, sealing)]
    if args.what == "hand":
        at_s = args.at or now_s
        handover = Handover(
            giver=args.giver,
            receiver=args.to,
            released_unix_s=at_s if args.released is None else args.released,
            received_unix_s=at_s,
            mode=CustodyMode(args.mode),
            transit=CustodyMode(args.transit) if args.transit else None,
            place=args.place,
            seal=args.seal,
            seal_intact=args.intact,
            condition=Condition(args.condition),
            witness=args.witness,
            temperature_c=args.temperature,
            dark=args.dark,
            vacuum_kpa=args.vacuum,
            reason=args.reason,
            note=args.note,
        )
        return [samples.hand_over(store, args.number, handover)]
    if args.what == "correct":
        changes = dict(_change(text) for text in args.changes)
        return [samples.correct_sample(store, args.number, changes, why=args.why, by=args.by)]
    asked = samples.sample_of(store, args.number).sample.method
    result = LabResult(
        laboratory=args.laboratory,
        report_number=args.report,
        method=args.method or asked,
        received_unix_s=args.received or now_s,
        analysed_unix_s=args.analysed,
        values=tuple(args.value),
        entered_by=args.by,
        corrects=args.corrects,
        why=args.why,
        accredited=args.accredited,
        note=args.note,
    )
    return [samples.attach_result(store, args.number, result, files=args.files)]


def _add(store: Any, args: argparse.Namespace) -> list[Any]:
    from dronesampler.casework import Sample
    from dronesampler.desk import samples
    from dronesampler.desk.sample_flight import samples_from_flight

    officers = tuple(args.officer)
    if args.from_flight:
        vessel = Vessel(args.vessel) if args.vessel else None
        made = samples_from_flight(
            store, args.patrol, officers=officers, method=args.method, relay=args.relay, vessel=vessel
        )
        if not made:
            raise BadInput(NOTHING_FILLED)
        return list(made)
    if args.vessel is None or args.start is None:
        raise BadInput(NEEDS)
    place = _place(args.place)
    sample = Sample(
        number=args.number,
        vessel=Vessel(args.vessel),
        kind=SampleKind(args.kind),
        started_unix_s=args.start,
        stopped_unix_s=args.stop,
        lat_deg=place[0],
        lon_deg=place[1],
        height_agl_m=place[2],
        volume_l=args.volume,
        flow_l_min=args.flow,
        vacuum_before_kpa=args.vacuum_before,
        vacuum_after_kpa=args.vacuum_after,
        seal=args.seal,
        method=args.method,
        analytes=tuple(args.analyte),
        flag=args.flag,
        duplicate_of=args.duplicate_of,
        trigger=Trigger(args.trigger),
        officers=officers,
        note=args.note,
    )
    return [samples.take_sample(store, args.patrol, sample)]


def _change(text: str) -> tuple[str, Any]:
    """FIELD=VALUE, where the value is JSON or else the text itself."""
    name, equals, said = text.partition("=")
    if not equals or not name.strip():
        raise BadInput(BAD_CHANGE.with_(text=text))
    try:
        return name.strip(), json.loads(said)
    except ValueError:
        return name.strip(), said


def _place(text: str | None) -> tuple[float | None, float | None, float | None]:
    if text is None:
        return None, None, None
    try:
        lat, lon, *height = (finite(part) for part in text.split(","))
    except ValueError as reason:
        raise BadInput(BAD_PLACE.with_(text=text)) from reason
    return lat, lon, height[0] if height else None


def _list(store: Any, args: argparse.Namespace, out: Output) -> int:
    from dronesampler.casework.lines import line_of
    from dronesampler.desk.samples import sample_of, samples_of

    records = [sample_of(store, args.number)] if args.number else samples_of(store, args.patrol)
    now_s = store.clock.unix_s()
    lines = [line_of(record, now_unix_s=now_s) for record in records]
    said = []
    for line in lines:
        said.append(_said(line, out.lang))
        said += [f"  {text.said(out.lang)}" for text in (line.custody if args.number else ())]
        said += [MISSING.with_(mark=p.mark, words=p.text).said(out.lang) for p in line.problems]
    out.result({"outcome": "done", "samples": [line.as_json() for line in lines]}, "\n".join(said) or NONE)
    return 0


def _said(line: Any, lang: Lang) -> str:
    holder = HOLDER.with_(name=line.holder, mode=line.mode)
    said = LINE.with_(number=line.number, what=line.what, holder=holder, clock=line.clock).said(lang)
    return f"{SIMULATED_MARK.said(lang)}{said}" if line.simulated else said


def _label(store: Any, args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.sample_labels import write_labels
    from dronesampler.desk.samples import sample_of, samples_of

    records = [sample_of(store, number) for number in args.numbers]
    records += samples_of(store, args.patrol) if args.patrol else ()
    if not records:
        raise BadInput(WHICH)
    write_labels(records, args.out)
    values = {"outcome": "done", "file": str(args.out), "labels": len(records)}
    out.result(values, LABELS.with_(count=len(records), file=args.out))
    return 0
