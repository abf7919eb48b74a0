"""Open the desktop window on the data folder: plan, fly, review and seal patrols over one map."""

import argparse
import gc
import os
import sys
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.problems import Refused
from dronesampler.processes import one_thread
from dronesampler.texts import Text

ABOUT = Text("打开桌面窗口，在一张地图上规划、执飞、复核和封存数据文件夹里的巡查。", __doc__)
EXAMPLE = "  dronesampler\n  dronesampler window --lang zh_CN --data D:/巡查"

NO_QT = Text(
    "未安装桌面窗口所需的组件，请运行：pip install 'dronesampler[desktop]'",
    "what the desktop window needs is not installed; run: pip install 'dronesampler[desktop]'",
)
QT_FAILS = Text(
    "窗口组件无法加载（{why}）。Debian 或 Ubuntu 请运行：sudo apt-get install {packages}",
    "the window's libraries cannot be loaded ({why}); on Debian or Ubuntu run: sudo apt-get install {packages}",
)
DEBIAN_PACKAGES = (
    "libgl1 libegl1 libxkbcommon0 libglib2.0-0 libfontconfig1 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
)
NO_SCREEN = Text("没有可用的屏幕，窗口无法打开", "there is no screen to open a window on")


def arguments(parser: Options) -> None:
    """Nothing beyond the options that every verb has."""


def run(args: argparse.Namespace, out: Output) -> int:
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise Refused(NO_SCREEN)
    one_thread()  # before numpy is loaded; the sessions that the window starts inherit it
    gc.disable()  # collecting while a thousand modules load costs a fifth of the start; the window enables it again
    try:
        from dronesampler_ui.app import main
    except ModuleNotFoundError as error:
        raise Refused(NO_QT) from error
    except ImportError as error:
        raise Refused(QT_FAILS.with_(why=error, packages=DEBIAN_PACKAGES)) from error
    chosen = args.lang if any(word.startswith("--lang") for word in sys.argv) else None
    return main(Path(args.data), chosen)
