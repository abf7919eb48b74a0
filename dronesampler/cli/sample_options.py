"""Options of `dronesampler sample`: times, officers, values and seals as they are typed."""

from collections.abc import Callable
from pathlib import Path

from dronesampler.casework import Condition, CustodyMode, SampleKind, Trigger, Vessel
from dronesampler.cli.options import Options
from dronesampler.desk.sample_entry import moment, officer, value, yes_or_no
from dronesampler.texts import Text


def taking(parser: Options) -> None:
    """Of `add`."""
    parser.add_argument("patrol", metavar="PATROL", help=Text("编号、uuid 或 last", "id, uuid or last"))
    parser.add_argument(
        "--vessel", choices=[v.value for v in Vessel], default=None, help=Text("盛装容器", "what the air is kept in")
    )
    parser.add_argument("--kind", choices=[k.value for k in SampleKind], default="sample")
    parser.add_argument(
        "--number", default="", help=Text("默认：S、日期和下一个空号", "default: S, the day, and the next free number")
    )
    parser.add_argument(
        "--start",
        type=moment,
        metavar="TIME",
        help=Text("阀门打开的时间（ISO 8601）", "when the valve opened (ISO 8601)"),
    )
    parser.add_argument("--stop", type=moment, metavar="TIME", help=Text("阀门关闭的时间", "when it shut"))
    parser.add_argument(
        "--from-flight",
        action="store_true",
        help=Text("按飞行日志录入阀门自动采到的样品", "enter what the valve filled by itself in the flight"),
    )
    parser.add_argument(
        "--relay",
        type=int,
        metavar="N",
        help=Text(
            "与 --from-flight 同用：该继电器每次由指令打开到关闭也算一个样品",
            "with --from-flight: each time this relay was switched on by command is a sample too",
        ),
    )
    parser.add_argument(
        "--place", metavar="LAT,LON[,HEIGHT]", help=Text("默认：取自巡查航迹", "default: from the patrol's track")
    )
    parser.add_argument("--volume", type=float, metavar="LITRES")
    parser.add_argument(
        "--flow",
        type=float,
        metavar="L/MIN",
        help=Text("未测体积时，与起止时间相乘", "with start and stop, where no volume was measured"),
    )
    parser.add_argument("--vacuum-before", type=float, metavar="KPA", help=Text("低于大气压", "below the atmosphere"))
    parser.add_argument("--vacuum-after", type=float, metavar="KPA")
    parser.add_argument("--seal", default="", metavar="NUMBER")
    parser.add_argument(
        "--method",
        default="",
        help=Text(
            "要求实验室采用的方法，如 'HJ 604-2017'", "what the laboratory is asked to analyse by, e.g. 'HJ 604-2017'"
        ),
    )
    parser.add_argument("--analyte", action="append", default=[], metavar="NAME")
    parser.add_argument("--flag", type=int, metavar="N", help=Text("所属疑似点位", "the suspected place it belongs to"))
    parser.add_argument("--duplicate-of", default="", metavar="SAMPLE")
    parser.add_argument("--trigger", choices=[t.value for t in Trigger], default="hand")
    parser.add_argument("--officer", type=officer, action="append", default=[], metavar="NAME:CERT[:DATE]")
    parser.add_argument("--note", default="")


def handing(parser: Options) -> None:
    """Of `hand`."""
    parser.add_argument("number", metavar="SAMPLE")
    parser.add_argument(
        "--to",
        required=True,
        metavar="NAME",
        help=Text("接收人（或换一种方式保管的人）", "who receives it (or keeps it another way)"),
    )
    parser.add_argument(
        "--giver", default="", metavar="NAME", help=Text("默认：记录中的现保管人", "default: who has it by the record")
    )
    parser.add_argument(
        "--at", type=moment, metavar="TIME", help=Text("接收时间；默认现在", "when it was received; default: now")
    )
    parser.add_argument(
        "--released", type=moment, metavar="TIME", help=Text("交出时间（如更早）", "when it was given away, if earlier")
    )
    parser.add_argument(
        "--mode",
        choices=[m.value for m in CustodyMode],
        default="possession",
        help=Text("此后如何保管", "how it is kept then"),
    )
    parser.add_argument(
        "--transit",
        choices=[m.value for m in CustodyMode],
        help=Text("途中如何保管：快递用 sealed", "how it travelled: sealed for a courier"),
    )
    parser.add_argument("--place", default="")
    parser.add_argument("--seal", default="", metavar="NUMBER", help=Text("接收时读到的封签号", "as read on receipt"))
    parser.add_argument(
        "--intact", type=yes_or_no, metavar="yes|no", help=Text("接收时封签是否完整", "was the seal intact on receipt?")
    )
    parser.add_argument("--condition", choices=[c.value for c in Condition], default="good")
    parser.add_argument("--temperature", type=float, metavar="C")
    parser.add_argument("--dark", type=yes_or_no, metavar="yes|no")
    parser.add_argument("--vacuum", type=float, metavar="KPA")
    parser.add_argument("--witness", default="", metavar="NAME")
    parser.add_argument("--reason", default="", help=Text("拒收或交接的原因", "why it was rejected, or changed hands"))
    parser.add_argument("--note", default="")


def sealing(parser: Options) -> None:
    """Of `seal`."""
    parser.add_argument("number", metavar="SAMPLE")
    parser.add_argument("seal", metavar="SEAL", help=Text("新封签号", "number of the new seal"))
    parser.add_argument("--by", required=True, metavar="NAME")
    parser.add_argument(
        "--witness",
        default="",
        metavar="NAME",
        help=Text("第二人；更换封签时必需", "the second person, needed where a seal is broken"),
    )
    parser.add_argument("--at", type=moment, metavar="TIME", help=Text("默认现在", "default: now"))
    parser.add_argument("--reason", default="")


def resulting(parser: Options) -> None:
    """Of `result`."""
    parser.add_argument("number", metavar="SAMPLE")
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help=Text("原样保存的报告文件", "as received; kept byte for byte"),
    )
    parser.add_argument("--laboratory", required=True)
    parser.add_argument("--report", default="", metavar="NUMBER")
    parser.add_argument(
        "--method", default="", help=Text("默认：采样时要求的方法", "default: what the sample was to be analysed by")
    )
    parser.add_argument("--value", type=value, action="append", default=[], metavar="'ANALYTE=NUMBER UNIT [LIMIT]'")
    parser.add_argument("--analysed", type=moment, metavar="TIME", help=Text("分析开始时间", "when the analysis began"))
    parser.add_argument(
        "--received",
        type=moment,
        metavar="TIME",
        help=Text("收到结果的时间；默认现在", "when the result came; default: now"),
    )
    parser.add_argument(
        "--accredited", default="", metavar="NUMBER", help=Text("如 CMA 证书号", "e.g. the laboratory's CMA number")
    )
    parser.add_argument("--by", default="", metavar="NAME", help=Text("录入人", "who entered the values"))
    parser.add_argument(
        "--corrects",
        type=int,
        metavar="ENTRY",
        help=Text("更正另立一条，不改原条", "a correction is a further record, never a change"),
    )
    parser.add_argument("--why", default="")
    parser.add_argument("--note", default="")


def correcting(parser: Options) -> None:
    """Of `correct`."""
    parser.add_argument("number", metavar="SAMPLE")
    parser.add_argument(
        "changes",
        nargs="+",
        metavar="FIELD=VALUE",
        help=Text("字段名见 sample list --json", "fields as `sample list --json` names them"),
    )
    parser.add_argument("--why", required=True)
    parser.add_argument("--by", required=True, metavar="NAME")


def listing(parser: Options) -> None:
    """Of `list`."""
    parser.add_argument("patrol", nargs="?", metavar="PATROL", help=Text("默认：全部巡查", "default: all patrols"))
    parser.add_argument(
        "--number", metavar="SAMPLE", help=Text("一个样品及其全部交接", "one sample with its whole custody")
    )


def labelling(parser: Options) -> None:
    """Of `label`."""
    parser.add_argument("numbers", nargs="*", metavar="SAMPLE")
    parser.add_argument(
        "--patrol", metavar="PATROL", help=Text("该巡查全部样品的标签", "the labels of all its samples")
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=Text(".pdf 为整页，.svg 为一张", "FILE.pdf a sheet, FILE.svg one label"),
    )


VERBS: dict[str, tuple[Callable[[Options], None], Text, str]] = {
    "add": (
        taking,
        Text("录入一次巡查的样品", "enter a sample of a patrol"),
        "  dronesampler sample add last --vessel bag --start 2026-11-22T09:30:00 --stop 2026-11-22T09:31:00 --volume 1",
    ),
    "label": (
        labelling,
        Text("带二维码的标签，可打印", "labels with QR code, as a sheet to print"),
        "  dronesampler sample label --patrol last -o labels.pdf",
    ),
    "hand": (
        handing,
        Text("记录交接，或保管方式的改变", "enter a hand-over, or another way of keeping it"),
        "  dronesampler sample hand S20261122-001 --to 王五 --mode locked --seal F-0017 --intact yes",
    ),
    "seal": (
        sealing,
        Text("记录加封或更换封签", "enter that a seal was put on or changed"),
        "  dronesampler sample seal S20261122-001 F-0018 --by 张三 --witness 李四 --reason 改装冷藏箱",
    ),
    "result": (
        resulting,
        Text("附上实验室结果，原样保存", "attach what the laboratory found, as received"),
        '  dronesampler sample result S20261122-001 report.pdf --laboratory 某检测公司 --value "NMHC=12.4 mg/m3 0.07"',
    ),
    "correct": (
        correcting,
        Text("更正记录（原条保留）", "enter the record as it should have been"),
        "  dronesampler sample correct S20261122-001 volume_l=0.95 --why 抄录错误 --by 张三",
    ),
    "list": (
        listing,
        Text("样品、交接、剩余时限和缺项", "samples with custody, time left and what is missing"),
        "  dronesampler sample list last\n  dronesampler sample list --number S20261122-001 --json",
    ),
}
