"""Times of imports, side by side with the plain loop over pymavlink and csv: `python tests/bench/bench_import.py`.

Every row runs in a process of its own. The peers only go through the records; ours also check, place and store them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"

_TIMED = """
import json, resource, sys, time
from pathlib import Path
{setup}
path = Path(sys.argv[1])
began = time.perf_counter()
{work}
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"seconds": seconds, "peak_mb": peak, "rows": rows}}))
"""
OURS = (
    "import tempfile\nfrom dronesampler.desk.importing import Request, import_files",
    "rows = import_files(Request((path,), Path(tempfile.mkdtemp()) / 'x.sqlite'))[0].told['messages']",
)
READ_ONLY = (
    "from dronesampler.desk.importing import Request, _contents",
    "rows = _contents(path, path.read_bytes(), Request((path,), '')).messages",
)
PYMAVLINK = (
    "from pymavlink import mavutil",
    "log = mavutil.mavlink_connection(str(path), dialect='ardupilotmega')\nrows = 0\n"
    "while log.recv_match() is not None:\n    rows += 1",
)
CSV = ("import csv", "rows = sum(1 for _ in csv.DictReader(path.open(encoding='utf-8-sig')))")

FILES = (
    ("data/02_logs/dronekit_flight.tlog", PYMAVLINK),
    ("data/02_logs/ardusub_small.tlog", PYMAVLINK),
    ("data/02_logs/ardusub_small.BIN", PYMAVLINK),
    ("data/02_logs/px4_sample_log_small.ulg", None),
    ("data/05_gas/uav_tvoc_nl2022/merged_day1_100m.csv", CSV),
    ("data/03_geo/gpx_setnjica.gpx", None),
)


def timed(code: tuple[str, str], path: Path) -> dict[str, float]:
    script = _TIMED.format(setup=code[0], work=code[1])
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def million(folder: Path, rows: int) -> Path:
    """A gas table of so many rows: an aircraft that flies to and fro, a reading every fifth of a second."""
    path = folder / f"gas_{rows}.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("time (UTC),latitude,longitude,height agl (m),NMHC (mg/m3),temperature (°C),pressure (hPa)\n")
        for k in range(rows):
            seconds = k * 0.2
            day, rest = divmod(seconds, 86400.0)
            clock = f"{int(rest // 3600):02}:{int(rest % 3600 // 60):02}:{rest % 60:04.1f}"
            east = abs(k % 4000 - 2000) * 1e-6
            out.write(
                f"2026-05-{1 + int(day):02} {clock},35.71,{116.49 + east:.7f},20,{0.4 + k % 7 * 0.01:.2f},21,1003\n"
            )
    return path


def beside(path: Path, folder: Path) -> dict[str, float]:
    """What a recorder feels that writes twenty records a second into the database that the file goes into."""
    from dronesampler.store import JournalRow, Recorder, Store

    data, put_s, late_s = folder / "beside", [], []
    with Store.open(data) as store:
        with store.transaction() as batch:
            flight = batch.begin_patrol("flight")
        told: list[str] = []
        recorder = Recorder(
            store,
            flight.id,
            on_failure=lambda reason: told.append(reason.en),
            on_acknowledged=lambda n: late_s.extend(time.monotonic() - at for at in put_s[len(late_s) : n]),
        )
        words = [sys.executable, "-m", "dronesampler", "import", str(path), "--into", str(data)]
        begun_s = time.monotonic()
        importing = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while importing.poll() is None:
            put_s.append(time.monotonic())
            recorder.put(JournalRow(0.0, "tick"))
            time.sleep(0.05)
        seconds = time.monotonic() - begun_s
        recorder.close()
    late_s.sort()
    return {
        "import_s": seconds,
        "records": len(put_s),
        "median_s": late_s[len(late_s) // 2],
        "p99_s": late_s[int(0.99 * len(late_s))],
        "max_s": late_s[-1],
        "failures": len(told),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--beside", action="store_true", help="only: what a recorder feels beside the largest import")
    args = parser.parse_args()
    if args.beside:
        with tempfile.TemporaryDirectory() as folder:
            print(beside(million(Path(folder), args.rows), Path(folder)))
        return
    print("| file | records | read and check | into the database | peak | plain loop |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        files = [(SHARED / name, peer) for name, peer in FILES if (SHARED / name).exists()]
        files.append((million(Path(folder), args.rows), CSV))
        for path, peer in files:
            read, all_, plain = timed(READ_ONLY, path), timed(OURS, path), timed(peer, path) if peer else None
            print(
                f"| {path.name} | {all_['rows']:.0f} | {read['seconds']:.2f} s | {all_['seconds']:.2f} s "
                f"| {all_['peak_mb']:.0f} MB | {plain['seconds']:.2f} s |"
                if plain
                else f"| {path.name} | {all_['rows']:.0f} | {read['seconds']:.2f} s | {all_['seconds']:.2f} s "
                f"| {all_['peak_mb']:.0f} MB | – |",
                flush=True,
            )


if __name__ == "__main__":
    main()
