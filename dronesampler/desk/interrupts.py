"""The operator's interrupts (ctrl-C) as a count, for work that must not die of them half done."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted_interrupts() -> Iterator[Callable[[], int]]:
    """Counts interrupts instead of dying of them; where signals cannot be had (not the main thread) there are none."""
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    if threading.current_thread() is not threading.main_thread():
        yield lambda: 0
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: count
    finally:
        signal.signal(signal.SIGINT, before)
