"""The command line: `dronesampler VERB …`, one module a verb, each loaded only when asked for."""

import argparse
import sys
from importlib import import_module
from typing import NoReturn

from dronesampler import __version__
from dronesampler.cli.output import Output, speak_anything
from dronesampler.paths import user_data_dir
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Lang, Text, system_lang

UNKNOWN_VERB = Text(
    "没有“{verb}”这个动词；dronesampler --help 列出全部", "there is no verb “{verb}”; dronesampler --help lists them"
)

# verb -> (module in this package, one line for the list)
VERBS: dict[str, tuple[str, str]] = {
    "window": ("window", "open the desktop window (what `dronesampler` alone does)"),
    "demo": ("demo", "the whole job on the demo park and the simulator: plan, fly, sample, judge, seal, verify"),
    "plan": ("plan", "make a route over a park for the wind of the day"),
    "check": ("check", "check a mission before anyone uploads it"),
    "coverage": ("coverage", "what a route would see in a wind, as a map"),
    "convert": ("convert", "turn a mission file into another format"),
    "upload": ("upload", "store a plan in the vehicle and read it back"),
    "download": ("download", "fetch the plan the vehicle holds"),
    "clear": ("clear", "remove the plan from the vehicle"),
    "vehicle": ("vehicle", "who the vehicle is, what it would do on link loss, what preflight says"),
    "fly": ("fly", "fly a plan without a window"),
    "session": ("session", "the live session's own process (started by the window and by fly)"),
    "simulate": ("simulate", "a simulated vehicle, wind, plumes and sampler that speak MAVLink"),
    "import": ("import_", "take in logs, tracks, readings and parks from files"),
    "listen": ("listen", "show and record live readings of an instrument"),
    "readings": ("readings", "write a patrol's readings to a file"),
    "attribute": ("attribute", "find what no permitted outlet explains"),
    "compare": ("compare", "two patrols of one park, before and after"),
    "next": ("next", "plan where to look next"),
    "packet": ("packet", "write an evidence packet of a patrol"),
    "verify": ("verify", "check an evidence packet"),
    "backup": ("backup", "copy the database and its media to another place"),
    "restore": ("restore", "bring a backup back"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb. Exit 0 done, 1 refused or failed with the reason, 2 bad input (verify has its own codes)."""
    words = sys.argv[1:] if argv is None else argv
    speak_anything()
    if not words or words[0] not in (*VERBS, "-h", "--help", "--version"):
        if words and not words[0].startswith("-"):
            out = Output(as_json="--json" in words, lang=system_lang())
            out.failed(UNKNOWN_VERB.with_(verb=words[0]), outcome="bad input")
            return 2
        words = ["window", *words]
    if words[0] == "--version":
        print(f"dronesampler {__version__}")
        return 0
    if words[0] in ("-h", "--help"):
        print(_overview())
        return 0
    return _run(words[0], words[1:])


class _Parser(argparse.ArgumentParser):
    """Says wrong options as any other bad input."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(Text(message, message))


def _run(verb: str, words: list[str]) -> int:
    module = import_module(f"dronesampler.cli.{VERBS[verb][0]}")
    parser = _Parser(
        prog=f"dronesampler {verb}",
        description=module.__doc__,
        epilog=f"example:\n{module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data", metavar="DIR", default=str(user_data_dir()), help="data folder (default: %(default)s)"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output, progress on standard error"
    )
    parser.add_argument("--lang", type=Lang, choices=list(Lang), default=system_lang(), help="default: the system's")
    module.arguments(parser)
    try:
        args = parser.parse_args(words)
    except BadInput as problem:
        parser.print_usage(sys.stderr)
        Output(as_json="--json" in words, lang=system_lang()).failed(problem.text, outcome="bad input")
        return 2
    out = Output(as_json=args.json, lang=args.lang)
    try:
        return int(module.run(args, out))
    except BadInput as problem:
        out.failed(problem.text, where=problem.where, outcome="bad input")
        return 2
    except Refused as problem:
        out.failed(problem.text, outcome="refused")
        return 1
    except KeyboardInterrupt:
        return 130


def _overview() -> str:
    width = max(map(len, VERBS))
    lines = [f"  {verb:<{width}}  {line}" for verb, (_, line) in VERBS.items()]
    return (
        "usage: dronesampler [VERB] [options]\n\nverbs:\n"
        + "\n".join(lines)
        + "\n\n`dronesampler VERB --help` says more."
    )
