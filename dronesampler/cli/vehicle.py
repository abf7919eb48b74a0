"""Say who the vehicle is, what it would do if the link dropped, and what the preflight says.

With --new-key a passphrase for signed links is asked for and put into the system's key store; it is shown nowhere.
--store-in-vehicle also hands it to the vehicle, over serial or USB only; no vehicle answers that, so look with --sign
afterwards.
"""

import argparse
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronesampler.cli.link_options import add_link, open_link
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.texts import Lang, Text

if TYPE_CHECKING:
    from dronesampler.desk.vehicle_link import Introduction
    from dronesampler.mavlink import Signing

ABOUT = Text(
    """飞机是谁、断链时会怎么做、起飞前检查的结果。

--new-key 会询问链路签名口令并存入系统密钥库，任何地方都不显示。
--store-in-vehicle 还把它交给飞机，只限串口或 USB；飞机不会应答，之后请用 --sign 查看。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler vehicle --link udpin:0.0.0.0:14550 --json\n"
    "  dronesampler vehicle --new-key field --link serial:COM5:57600"
)
PASSPHRASE = Text("链路密钥口令：", "passphrase of the link: ")
NO_NEW_KEY = Text("--store-in-vehicle 要和 --new-key 一起用", "--store-in-vehicle goes with --new-key")
WHO = Text("{autopilot} {firmware}，系统号 {system}，{mode}", "{autopilot} {firmware}, system {system}, {mode}")
ON_LOSS = Text("断链：{sentence}", "link loss: {sentence}")
ITEM = Text("[{result}] {title}：{reason}", "[{result}] {title}: {reason}")
RESULTS = {
    "good": Text("正常", "good"),
    "bad": Text("不符合", "bad"),
    "unknown": Text("未知", "unknown"),
    "open": Text("待勾选", "open"),
    "overridden": Text("已放行", "overridden"),
}


def arguments(parser: Options) -> None:
    add_link(parser)
    parser.add_argument(
        "--new-key",
        metavar="NAME",
        help=Text("把口令存入密钥库，然后用它签名", "put a passphrase into the key store, then sign with it"),
    )
    parser.add_argument(
        "--store-in-vehicle",
        action="store_true",
        help=Text("与 --new-key 同用：还把它交给飞机", "with --new-key: also give it to the vehicle"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import introduce

    key = _new_key(args, out.lang)
    with open_link(args, out) as link:
        link.find(args.wait)
        if key is not None:
            link.give_key(key)
        told = introduce(link)
    out.result(_values(told, out.lang), "\n".join(text.said(out.lang) for text in _sentences(told)))
    return 0


def _new_key(args: argparse.Namespace, lang: Lang) -> "Signing | None":
    """Keep a new key; the key itself where the vehicle is to be given it. Its wire is not signed yet."""
    from dronesampler.clock import SystemClock
    from dronesampler.desk.link_key import check_wired, keep_key, signing

    if args.store_in_vehicle:
        if not args.new_key:
            raise BadInput(NO_NEW_KEY)
        check_wired(args.link)
    if not args.new_key:
        return None
    keep_key(args.new_key, getpass(PASSPHRASE.said(lang)))
    if not args.store_in_vehicle:
        args.sign = args.new_key
        return None
    return signing(args.new_key, data=Path(args.data), clock=SystemClock())


def _sentences(told: "Introduction") -> list[Text]:
    v = told.vehicle
    who = WHO.with_(autopilot=v.autopilot, firmware=v.firmware, system=v.system_id, mode=v.mode)
    loss = [ON_LOSS.with_(sentence=sentence) for sentence in told.link_loss]
    items = [ITEM.with_(result=RESULTS[i.result], title=i.title, reason=i.reason) for i in told.preflight]
    return [who, *loss, *items]


def _values(told: "Introduction", lang: Lang) -> dict[str, Any]:
    v = told.vehicle
    return {
        "system": v.system_id,
        "autopilot": v.autopilot.value,
        "firmware": v.firmware,
        "unique_id": v.unique_id,
        "mode": v.mode,
        "armed": v.armed,
        "in_air": v.in_air,
        "battery_percent": v.battery.remaining_percent if v.battery else None,
        "mission_items": v.mission.total if v.mission else None,
        "link_loss": [sentence.said(lang) for sentence in told.link_loss],
        "acts_on_link_loss": told.acts_on_link_loss,
        "preflight": [
            {"key": i.key, "result": i.result.value, "title": i.title.said(lang), "reason": i.reason.said(lang)}
            for i in told.preflight
        ],
    }
