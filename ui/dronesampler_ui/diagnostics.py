"""A bundle for whoever looks for a fault: versions, sizes and logs, without names, places or paths."""

import platform
import re
import zipfile
from importlib.metadata import version
from pathlib import Path

import PySide6

PACKAGES = ("dronesampler", "numpy", "SQLAlchemy", "pymavlink", "PySide6-Essentials")
_MASKS = (
    (re.compile(r"[\u3400-\u9fff]+"), "▯"),  # names of people, firms and parks are Chinese words
    (re.compile(r"(?:[A-Za-z]:)?[\\/][^\s:\"']*"), "<path>"),
    (re.compile(r"\b\d{1,3}\.\d{4,}\b"), "<degrees>"),
    (re.compile(r"\b[0-9A-Z]{18}\b"), "<code>"),
)


def masked(text: str) -> str:
    """The text without Chinese words, paths, coordinates and credit codes."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def write_diagnostics(data_dir: Path) -> Path:
    """Write DATA/diagnostics.zip and say where it is."""
    target = data_dir / "diagnostics.zip"
    about = [f"{name} {version(name)}" for name in PACKAGES]
    about += [f"Qt {PySide6.__version__}", f"Python {platform.python_version()}", platform.platform(terse=True)]
    about += [f"{file.suffix} {file.stat().st_size}" for file in sorted(data_dir.glob("*.sqlite*"))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("about.txt", "\n".join(about) + "\n")
        for log in sorted((data_dir / "logs").glob("*.log*")):
            bundle.writestr(f"logs/{log.name}", masked(log.read_text(encoding="utf-8", errors="replace")))
    return target
