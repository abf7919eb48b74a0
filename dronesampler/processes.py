"""Processes of ours that must outlive a ctrl-C or a closed terminal, on every system."""

import subprocess
import sys
from typing import TypedDict


class Apart(TypedDict, total=False):
    """Words for subprocess.Popen."""

    start_new_session: bool
    creationflags: int


def apart() -> Apart:
    """Started so, a process gets neither the terminal's ctrl-C nor its end; whoever starts it must end it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
