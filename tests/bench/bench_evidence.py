"""Times of packets and reports, side by side with other programs: `python tests/bench/bench_evidence.py [--mb N]`.

Every row runs in a process of its own, so that its peak memory is its own. The peers check less: sha256sum reads the
digests only; bagit-python the manifests of the unpacked bag; neither knows seal, journal, stamps or container.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

_TIMED = """
import json, resource, sys, time
from pathlib import Path
{setup}
began = time.perf_counter()
{work}
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"seconds": seconds, "peak_mb": peak, "said": str(said)}}))
"""

_CONTENTS = """
from dronesampler.casework import Officer
from dronesampler.clock import SystemClock
from dronesampler.evidence import DeviceKey, PacketContents, write_packet
folder = Path(sys.argv[1])
files = {path.name: path for path in sorted((folder / "media").iterdir())}
officers = (Officer("A", "1"), Officer("B", "2"))
key = DeviceKey.open_or_create(folder / "keys")
contents = PacketContents("bench", {}, files, officers)
"""

_TRUST = """
from dronesampler.evidence import DeviceKey, Trust, TrustedKey, verify
folder = Path(sys.argv[1])
key = DeviceKey.open_or_create(folder / "keys")
trust = Trust((TrustedKey(key.public_key, "bench"),))
"""

OURS = {
    "write_packet": (_CONTENTS, "said = write_packet(contents, folder, key=key, clock=SystemClock())"),
    "verify, 14 + 10 checks": (_TRUST, "said = verify(folder / 'bench_v1.evp.zip', trust=trust).exit_code.name"),
}
BAGIT = ("import bagit\nfolder = Path(sys.argv[1])", "said = bagit.Bag(str(folder / 'bag')).validate()")
SHA256SUM = "sha256sum --quiet -c manifest-sha256.txt"


def timed(folder: Path, setup: str, work: str) -> dict[str, object]:
    code = _TIMED.format(setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def row(name: str, result: dict[str, object]) -> None:
    peak = result["peak_mb"]
    shown = "-" if peak is None else f"{peak:.0f}"
    print(f"| {name:<36} | {result['seconds']:>8.2f} | {shown:>8} | {str(result['said'])[-24:]:<24} |", flush=True)


def packets(megabytes: int) -> None:
    print(f"\n{megabytes} MB in 8 files\n")
    print(f"| {'what':<36} | {'seconds':>8} | {'peak MB':>8} | {'said':<24} |")
    print(f"|{'-' * 38}|{'-' * 10}|{'-' * 10}|{'-' * 26}|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "media").mkdir()
        for number in range(8):
            with (folder / "media" / f"{number}.bin").open("wb") as file:
                for _ in range(megabytes // 8):
                    file.write(os.urandom(1 << 20))
        for what, (setup, work) in OURS.items():
            row(what, timed(folder, setup, work))
        with zipfile.ZipFile(folder / "bench_v1.evp.zip") as container:
            container.extractall(folder / "bag")
        began = time.perf_counter()
        subprocess.run(SHA256SUM.split(), cwd=folder / "bag", check=True)
        row(
            "sha256sum -c (unpacked, digests only)",
            {"seconds": time.perf_counter() - began, "peak_mb": None, "said": ""},
        )
        row("bagit-python validate (unpacked)", timed(folder, *BAGIT))


_PATROL = """
import numpy as np
from dronesampler.clock import FakeClock
from dronesampler.columns import Track, Wind
from dronesampler.desk.sealing import seal_patrol
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.store import ReadingColumns, Store
count = int(sys.argv[1])
folder = Path(tempfile.mkdtemp())
store = Store.open(folder, clock=FakeClock(1.79e9 + count))
k = np.arange(count, dtype=float)
t, lat, lon = 1.79e9 + k / 10, 35.71 + 0.002 * np.sin(k / 3000), 116.49 + 0.003 * np.cos(k / 7000)
flat, half = np.full(count, 40.0), slice(None, None, 2)
value = 0.5 + np.random.default_rng(1).normal(0, 0.05, count) + 3 * np.exp(-(((k % 5000 - 2500) / 50) ** 2))
with store.transaction() as batch:
    park = batch.put_park(read_park(assets_dir() / "demo-park.geojson").park)
    patrol = batch.begin_patrol("bench", simulated=True, park_id=park, started_unix_s=1.79e9)
    batch.add_track(patrol.id, Track(t[half], lat[half], lon[half], *(flat[half],) * 4))
    batch.add_wind(patrol.id, Wind(t[::100], flat[::100] * 5, flat[::100] / 13, flat[::100]))
    batch.add_readings(
        patrol.id,
        ReadingColumns(
            "PID", "NMHC", "mg/m3", t, raw_value=value, value_mg_m3=value, lat_deg=lat, lon_deg=lon,
            height_agl_m=flat, raw=[b"frame %d" % i for i in range(count)], simulated=True,
        ),
    )
    batch.end_patrol(patrol.id, ended_unix_s=float(t[-1]))
"""


def patrols() -> None:
    """A whole patrol of the store: exported, drawn, reported in two languages, digested twice, written, signed."""
    print("\npatrols sealed\n")
    print(f"| {'what':<36} | {'seconds':>8} | {'peak MB':>8} | {'said':<24} |")
    print(f"|{'-' * 38}|{'-' * 10}|{'-' * 10}|{'-' * 26}|")
    for count in (10_000, 100_000, 500_000):
        setup = "import tempfile\n" + _PATROL
        row(f"{count:,} readings", timed(Path(str(count)), setup, "said = seal_patrol(store, 'last').version"))


_REPORT = """
sys.path.insert(0, sys.argv[1])
from test_report_pdf import VALUES
from test_report_pictures import drawn, flown
from dronesampler.report import report_pdf, strip_chart
track, readings = flown(100_000)
"""

_AGAIN = "began = time.perf_counter()"


def reports() -> None:
    print("\nreports\n")
    print(f"| {'what':<36} | {'seconds':>8} | {'peak MB':>8} | {'said':<24} |")
    print(f"|{'-' * 38}|{'-' * 10}|{'-' * 10}|{'-' * 26}|")
    tests = Path(__file__).parents[1] / "core"
    for what, work in {
        "PDF in two languages, first": "said = len(report_pdf(VALUES))",
        "PDF in two languages, second": f"report_pdf(VALUES); {_AGAIN}; said = len(report_pdf(VALUES))",
        "map of 100,000 readings": "said = len(drawn(track=track, readings=readings))",
        "strip chart of 100,000 readings": "said = len(strip_chart(readings))",
    }.items():
        row(what, timed(tests, _REPORT, work))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=1024)
    args = parser.parse_args()
    patrols()
    packets(args.mb)
    reports()


if __name__ == "__main__":
    main()
