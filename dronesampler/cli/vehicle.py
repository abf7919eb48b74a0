"""Say who the vehicle is, what it would do if the link dropped, and what the preflight says.

With --new-key a passphrase for signed links is asked for and put into the system's key store; it is shown nowhere.
"""

import argparse
from getpass import getpass
from typing import TYPE_CHECKING, Any

from dronesampler.cli.link_options import add_link, open_link
from dronesampler.cli.output import Output
from dronesampler.texts import Lang, Text

if TYPE_CHECKING:
    from dronesampler.desk.vehicle_link import Introduction

EXAMPLE = (
    "  dronesampler vehicle --link udpin:0.0.0.0:14550 --json\n"
    "  dronesampler vehicle --new-key field --link serial:COM5:57600"
)
PASSPHRASE = Text("链路密钥口令：", "passphrase of the link: ")
WHO = Text("{autopilot} {firmware}，系统号 {system}，{mode}", "{autopilot} {firmware}, system {system}, {mode}")
ON_LOSS = Text("断链：{sentence}", "link loss: {sentence}")
ITEM = Text("[{result}] {title}：{reason}", "[{result}] {title}: {reason}")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_link(parser)
    parser.add_argument("--new-key", metavar="NAME", help="put a passphrase into the key store, then sign with it")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import introduce

    if args.new_key:
        from dronesampler.desk.link_key import keep_key

        keep_key(args.new_key, getpass(PASSPHRASE.said(out.lang)))
        args.sign = args.new_key
    with open_link(args, out) as link:
        link.find(args.wait)
        told = introduce(link)
    out.result(_values(told, out.lang), "\n".join(text.said(out.lang) for text in _sentences(told)))
    return 0


def _sentences(told: "Introduction") -> list[Text]:
    v = told.vehicle
    who = WHO.with_(autopilot=v.autopilot, firmware=v.firmware, system=v.system_id, mode=v.mode)
    loss = [ON_LOSS.with_(sentence=sentence) for sentence in told.link_loss]
    items = [ITEM.with_(result=i.result, title=i.title, reason=i.reason) for i in told.preflight]
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
