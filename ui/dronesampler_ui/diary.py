"""The window's own log: a few files that replace one another, and whether the last window ended in order."""

import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

BYTES_A_FILE = 1_000_000
FILES = 5


def keep_diary(data_dir: Path) -> Path:
    """Log to DATA/logs/window.log from now on, unexpected errors of every thread included."""
    folder = data_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "window.log"
    handler = RotatingFileHandler(file, maxBytes=BYTES_A_FILE, backupCount=FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    sys.excepthook = _unexpected
    threading.excepthook = _unexpected_in_thread
    return file


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("dronesampler_ui").critical("unexpected", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _unexpected_in_thread(said: threading.ExceptHookArgs) -> None:
    error = said.exc_value or said.exc_type()
    logging.getLogger("dronesampler_ui").critical("unexpected", exc_info=(said.exc_type, error, said.exc_traceback))
