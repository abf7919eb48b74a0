"""Gathers the window's texts into the .ts file and compiles it: `python -m dronesampler_ui.translating`."""

import subprocess
import sys
from pathlib import Path

import PySide6

from dronesampler.paths import assets_dir

PACKAGE = Path(__file__).resolve().parent
FILE = "dronesampler_zh_CN"


def ts_file() -> Path:
    return assets_dir() / "translations" / f"{FILE}.ts"


def qm_file() -> Path:
    return assets_dir() / "translations" / f"{FILE}.qm"


def gather(ts: Path) -> None:
    """Bring the .ts file up to date with the code; texts that are gone are dropped."""
    sources = sorted(str(path.relative_to(PACKAGE.parent)) for path in PACKAGE.rglob("*.py"))
    words = [_tool("lupdate"), *sources, "-locations", "none", "-no-obsolete", "-ts", str(ts)]
    subprocess.run(words, cwd=PACKAGE.parent, check=True, capture_output=True)


def compile_(ts: Path, qm: Path) -> None:
    """Make the .qm file that the window loads."""
    subprocess.run([_tool("lrelease"), str(ts), "-qm", str(qm)], check=True, capture_output=True)


def _tool(name: str) -> str:
    """The Linguist tool of the installed PySide6."""
    ending = ".exe" if sys.platform == "win32" else ""
    inside = Path(PySide6.__file__).parent / f"{name}{ending}"
    return str(inside if inside.exists() else Path(PySide6.__file__).parent / "Qt" / "libexec" / f"{name}{ending}")


if __name__ == "__main__":
    gather(ts_file())
    compile_(ts_file(), qm_file())
