"""Processes of ours: those that must outlive a ctrl-C or a closed terminal, and those that reckon with one thread."""

import os
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


def one_thread() -> None:
    """For this process and those it starts, before numpy is loaded: small matrices lose time to a second thread, and
    one thread gives the same bits every time."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
