"""A pseudo-terminal on which the simulated sampler writes its lines, as a serial instrument would (POSIX only)."""

import contextlib
import os
import sys

from dronesampler.problems import Refused
from dronesampler.texts import Text

NO_PTY = Text(
    "本系统没有伪终端，无法模拟串口采样器；请用 --sampler mavlink",
    "this system has no pseudo-terminals, so a serial sampler cannot be simulated; use --sampler mavlink",
)


class SerialLine:
    """Owned by the simulator's thread. `path` is what a reader opens."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise Refused(NO_PTY)
        import tty

        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)

    def write(self, data: bytes) -> None:
        # Nobody reads: a serial line drops what is not taken.
        with contextlib.suppress(BlockingIOError):
            os.write(self._ours, data)

    def close(self) -> None:
        os.close(self._ours)
        os.close(self._theirs)
