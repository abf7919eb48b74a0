"""Write an evidence packet of a patrol: raw logs, readings, track, plans, findings, map, report; sealed and verifiable.

The packet is signed with this device's key (keys/ in the data folder); keys/keys.json there is the trust file that
`dronesampler verify --trust` takes. Two different officers are needed. Sealing a patrol again writes version 2, which
supersedes the first and contains its journal.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.casework import Officer
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.progress import TerminalProgress
from dronesampler.problems import BadInput, Severity
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.store import Store

ABOUT = Text(
    """为一次巡查写证据包：原始日志、读数、轨迹、计划、结论、地图、报告；封存后可核验。

证据包用本机密钥签名（数据文件夹的 keys/）；那里的 keys.json 就是 `dronesampler verify --trust` 要的信任文件。
须有两名不同的执法人员。再次封存同一次巡查会写第 2 版，取代第 1 版并包含其操作记录。""",
    __doc__,
)
EXAMPLE = """\
  dronesampler packet last
  dronesampler packet 3 -o packets/ --agency 某县生态环境保护综合执法大队 \\
      --officer 张三:08-0001:2028-12-31 --officer 李四:08-0002:2028-12-31"""

NOTHING = Text("没有缺项", "nothing is missing")
BAD_OFFICER = Text("“{text}”不是“姓名:执法证号[:有效期至]”", "“{text}” is not NAME:CERTIFICATE[:VALID_TO]")
WRITTEN = Text(
    "证据包已写入 {packet}（SHA-256 {sha256}）\n核验：dronesampler verify {packet} --trust {trust}",
    "packet written to {packet} (SHA-256 {sha256})\nto check it: dronesampler verify {packet} --trust {trust}",
)


def arguments(parser: Options) -> None:
    parser.add_argument("patrol", metavar="PATROL", help=Text("编号、uuid 或 last", "id, uuid or last"))
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="FILE",
        help=Text("文件（.zip）或文件夹（默认：DATA/packets）", "file (.zip) or folder (default: DATA/packets)"),
    )
    parser.add_argument(
        "--officer", action="append", default=[], metavar="NAME:CERT[:DATE]", help=Text("须给两次", "give it twice")
    )
    parser.add_argument("--agency", default="", help=Text("封存的单位", "the agency that seals"))
    parser.add_argument(
        "--tsa",
        default="",
        metavar="URL",
        help=Text(
            "时间戳机构；没有应答也照常封存，以后用 stamp 补取",
            "ask this authority for a time stamp; without an answer it is sealed all the same, see stamp",
        ),
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help=Text("只说还缺什么，不封存", "only tell what the packet would lack, and seal nothing"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.sealing import seal_patrol
    from dronesampler.desk.team import Team
    from dronesampler.store import Store

    officers = tuple(_officer(text, args.agency) for text in args.officer)
    team = Team(args.agency, officers, {}) if officers else None
    with Store.open(Path(args.data)) as store:
        if args.missing:
            return _tell_missing(store, args.patrol, out)
        sealed = seal_patrol(
            store, args.patrol, out=args.out, team=team, tsa_url=args.tsa, progress=TerminalProgress(out.lang)
        )
    values = {
        "outcome": "done",
        "packet": str(sealed.path),
        "version": sealed.version,
        "sha256": sealed.sha256,
        "trust": str(sealed.trust),
    }
    out.result(values, WRITTEN.with_(**values))
    return 0


def _tell_missing(store: "Store", patrol: str, out: Output) -> int:
    """Exit 1 where something stands against sealing."""
    from dronesampler.desk.packet_missing import missing

    problems = missing(store, patrol)
    rows = [
        {"rule": p.rule, "severity": p.severity.value, "where": p.where, "zh": p.text.zh, "en": p.text.en}
        for p in problems
    ]
    lines = [f"{p.severity.word.said(out.lang)}: {p.text.said(out.lang)} {p.where}".rstrip() for p in problems]
    out.result({"outcome": "done", "missing": rows}, "\n".join(lines) or NOTHING)
    return int(any(p.severity is Severity.ERROR for p in problems))


def _officer(text: str, agency: str) -> Officer:
    name, _, rest = text.partition(":")
    certificate, _, valid_to = rest.partition(":")
    if not name.strip() or not certificate.strip():
        raise BadInput(BAD_OFFICER.with_(text=text))
    return Officer(name.strip(), certificate.strip(), agency, valid_to.strip())
