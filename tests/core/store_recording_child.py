"""A process that records and says what was acknowledged, for tests that kill it, fill its disk and cut its power.

Arguments: data folder, readings to record, readings a second, folder of the second copy or "-", file size limit that
is set once recording runs (0: none). Goes on with the last patrol if there is one. Says a line each on standard
output: `ready FIRST_SEQ`, `acked N` (readings durable in this run), `failed`, `recovered`, `closed`.
"""

import os
import signal
import sys
import time
from pathlib import Path

from dronesampler.problems import BadInput, Refused
from dronesampler.store import Mirror, PlacedRow, ReadingRow, Recorder, Store


def say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def limit_file_size(size: int) -> None:
    """Files may not grow past that; they may again when SIGUSR1 comes."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGUSR1, lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def main(folder: Path, count: int, rate: float, second: str, limit: int) -> int:
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND) if "DS_FAULT_LOG" in os.environ else -1
    try:
        store = Store.open(folder)
    except (BadInput, Refused) as error:
        say(f"refused {error.text.en}")
        return 2
    with store.transaction() as batch:
        known = store.patrols()
        patrol = known[-1] if known else batch.begin_patrol("crash")
        first = batch.next_seq(patrol.id)

    def acknowledged(records: int) -> None:
        done = f"{records // 2}"  # a reading is there when both its records are
        if acks >= 0:
            os.write(acks, f"{first + int(done)}\n".encode())
        say(f"acked {done}")

    mirror = Mirror(Path(second), patrol) if second != "-" else None
    recorder = Recorder(
        store,
        patrol.id,
        on_failure=lambda _: say("failed"),
        on_recovered=lambda: say("recovered"),
        on_acknowledged=acknowledged,
        mirror=mirror,
    )
    say(f"ready {first}")
    if limit:
        limit_file_size(limit)
    for k in range(first, first + count):
        recorder.put(ReadingRow(k, "pid", "NMHC", float(k), "mg/m3", 1_800_000_000_000_000 + k, raw=b"%d" % k))
        recorder.put(PlacedRow(k, 1.8e9 + k, 35.0, 116.0, 30.0, float(k)))
        if k % 20 == 0:
            time.sleep(20 / rate)
    recorder.close()
    say("closed")
    return 0


if __name__ == "__main__":
    where, number, speed, copy, most = sys.argv[1:]
    sys.exit(main(Path(where), int(number), float(speed), copy, int(most)))
