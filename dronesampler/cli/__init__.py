"""The command line: `dronesampler VERB …`, one module a verb, each loaded only when asked for."""

import sys
from importlib import import_module

from dronesampler import __version__
from dronesampler.cli.options import Options, lang_asked, verb_first
from dronesampler.cli.output import Output, speak_anything
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Lang, Text

UNKNOWN_VERB = Text(
    "没有“{verb}”这个动词；dronesampler --help 列出全部", "there is no verb “{verb}”; dronesampler --help lists them"
)
OVERVIEW = Text(
    "用法：dronesampler [动词] [选项]\n\n动词：\n{verbs}\n\n详见 `dronesampler 动词 --help`。",
    "usage: dronesampler [VERB] [options]\n\nverbs:\n{verbs}\n\n`dronesampler VERB --help` says more.",
)

# verb -> (module in this package, one line for the list)
VERBS: dict[str, tuple[str, Text | str]] = {
    "window": (
        "window",
        Text(
            "打开桌面窗口（等同于单独运行 `dronesampler`）", "open the desktop window (what `dronesampler` alone does)"
        ),
    ),
    "demo": (
        "demo",
        Text(
            "在演示园区和模拟器上走完全程：规划、飞行、采样、研判、封存、核验",
            "the whole job on the demo park and the simulator: plan, fly, sample, judge, seal, verify",
        ),
    ),
    "plan": ("plan", Text("按当日风向为园区规划航线", "make a route over a park for the wind of the day")),
    "check": ("check", Text("上传之前检查航线", "check a mission before anyone uploads it")),
    "coverage": ("coverage", Text("某风向下航线能看到什么，画成图", "what a route would see in a wind, as a map")),
    "convert": ("convert", Text("把航线文件转成另一种格式", "turn a mission file into another format")),
    "resume": ("resume", Text("从中断处续飞", "go on with a route where it was broken off")),
    "aircraft": (
        "aircraft",
        Text("用自己的飞行拟合机型的功率模型", "fit an aircraft's power model to your own flights"),
    ),
    "upload": ("upload", Text("把计划存入飞机并回读核对", "store a plan in the vehicle and read it back")),
    "download": ("download", Text("取回飞机上的计划", "fetch the plan the vehicle holds")),
    "clear": ("clear", Text("清除飞机上的计划", "remove the plan from the vehicle")),
    "vehicle": (
        "vehicle",
        Text(
            "飞机是谁、断链时会怎么做、起飞前检查的结果",
            "who the vehicle is, what it would do on link loss, what preflight says",
        ),
    ),
    "fly": ("fly", Text("不开窗口执飞一条航线", "fly a plan without a window")),
    "session": (
        "session",
        Text(
            "实时会话的独立进程（由窗口和 fly 启动）",
            "the live session's own process (started by the window and by fly)",
        ),
    ),
    "simulate": (
        "simulate",
        Text(
            "模拟飞机、风、烟羽和采样仪，说真实的 MAVLink",
            "a simulated vehicle, wind, plumes and sampler that speak MAVLink",
        ),
    ),
    "import": (
        "import_",
        Text("导入日志、轨迹、读数和园区文件", "take in logs, tracks, readings and parks from files"),
    ),
    "listen": ("listen", Text("显示并记录仪器的实时读数", "show and record live readings of an instrument")),
    "zero-span": (
        "zero_span",
        Text("用标准气体检查仪器的零点和量程并存档", "check an instrument's zero and span with gas, on record"),
    ),
    "readings": ("readings", Text("把一次巡查的读数写成文件", "write a patrol's readings to a file")),
    "attribute": ("attribute", Text("找出许可排口解释不了的排放", "find what no permitted outlet explains")),
    "compare": ("compare", Text("比较同一园区前后两次巡查", "two patrols of one park, before and after")),
    "next": ("next", Text("规划下一步去哪里复查", "plan where to look next")),
    "sample": (
        "sample",
        Text("实物样品：标签、交接、封签、检测结果", "physical samples: labels, custody, seals, laboratory results"),
    ),
    "packet": ("packet", Text("为一次巡查写证据包", "write an evidence packet of a patrol")),
    "stamp": ("stamp", Text("为等待的证据包取时间戳", "fetch the time stamps that packets wait for")),
    "verify": ("verify", Text("核验证据包", "check an evidence packet")),
    "backup": ("backup", Text("把数据库及其文件备份到另一处", "copy the database and its media to another place")),
    "restore": ("restore", Text("恢复备份", "bring a backup back")),
}


def main(argv: list[str] | None = None) -> int:
    """Run one verb. Exit 0 done, 1 refused or failed with the reason, 2 bad input (verify has its own codes)."""
    words = verb_first(sys.argv[1:] if argv is None else argv)
    speak_anything(to_programs="--json" in words or words[:1] in (["session"], ["simulate"]))
    lang = lang_asked(words)
    if not words or words[0] not in (*VERBS, "-h", "--help", "--version"):
        if words and words[0] and not words[0].startswith("-"):
            Output(as_json="--json" in words, lang=lang).failed(UNKNOWN_VERB.with_(verb=words[0]), outcome="bad input")
            return 2
        words = ["window", *words]
    if words[0] == "--version":
        print(f"dronesampler {__version__}")
        return 0
    if words[0] in ("-h", "--help"):
        Output(as_json=False, lang=lang).result({}, _overview(lang))
        return 0
    return _run(words[0], words[1:], lang)


def verb_options(verb: str, lang: Lang) -> Options:
    """The parser of a verb."""
    module = import_module(f"dronesampler.cli.{VERBS[verb][0]}")
    about = getattr(module, "ABOUT", None) or Text(module.__doc__ or "", module.__doc__ or "")
    options = Options(f"dronesampler {verb}", about=about, example=module.EXAMPLE, lang=lang)
    module.arguments(options)
    return options


def _run(verb: str, words: list[str], lang: Lang) -> int:
    options = verb_options(verb, lang)
    try:
        args = options.parse_args(words)
    except BadInput as problem:
        options.print_usage(sys.stderr)
        Output(as_json="--json" in words, lang=lang).failed(problem.text, outcome="bad input")
        return 2
    out = Output(as_json=args.json, lang=args.lang)
    module = import_module(f"dronesampler.cli.{VERBS[verb][0]}")
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


def _overview(lang: Lang) -> str:
    width = max(map(len, VERBS))
    lines = (
        f"  {verb:<{width}}  {line.said(lang) if isinstance(line, Text) else line}" for verb, (_, line) in VERBS.items()
    )
    return OVERVIEW.with_(verbs="\n".join(lines)).said(lang)
