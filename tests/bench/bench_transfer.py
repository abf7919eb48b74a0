"""How missions travel: success and time by loss, four hundred items each way, the loopback, and the cost of parsing.

Run: python tests/bench/bench_transfer.py [--runs N]. The loss tables run in discrete-event time against the simulated
stores of both autopilots (they ask again and give up as the recorded ones do), reading back included. The figures
for other stations are their algorithms in the same setting, as modelled in the project's study of ground stations.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dronesampler.clock import SystemClock  # noqa: E402
from dronesampler.desk.vehicle_link import VehicleLink  # noqa: E402
from dronesampler.mavlink import (  # noqa: E402
    ARDUPILOT,
    PX4,
    Download,
    Draft,
    FrameWriter,
    PlanKind,
    RawLog,
    Station,
    Upload,
)
from dronesampler.mavlink.compare import difference  # noqa: E402
from dronesampler.mavlink.personality import Personality  # noqa: E402
from dronesampler.simulator.channel import ChannelSettings  # noqa: E402
from tests.flight.conversation import Conversation, Store, route  # noqa: E402

MISSION = PlanKind.MISSION
# Success of 100 (QGroundControl, MAVSDK) for 400 items to an ArduPilot, one way 25 ms, losses independent.
PEERS = {0.0: ("100", "100"), 0.02: ("75", "70"), 0.05: ("8", "5"), 0.1: ("0", "0"), 0.2: ("0", "0"), 0.3: ("0", "0")}


def uploads(stack: Personality, count: int, link: ChannelSettings, *, runs: int) -> tuple[int, int, int, list[float]]:
    """Stored, failures that were none, parts that were taken for the whole, seconds of each run."""
    items = route(count, personality=stack)
    stored = false = partial = 0
    seconds = []
    for seed in range(runs):
        store = Store(stack)
        conversation = Conversation(store, link, link, seed=seed)
        outcome = conversation.run(Upload(conversation.party, MISSION, items), limit_s=7200.0)
        equal = difference(items, store.holds(MISSION), kind=MISSION, personality=stack) is None
        stored += outcome.good
        false += equal and not outcome.good
        partial += outcome.good and not equal
        seconds.append(outcome.seconds)
    return stored, false, partial, sorted(seconds)


def loss_table(runs: int) -> None:
    print(f"\nUpload of 100 items, 50 ms round trip, {runs} seeded runs, read back and compared")
    print("| autopilot | loss | stored | false failures | silent partials | median s | p95 s | max s |")
    print("|---|---|---|---|---|---|---|---|")
    for stack in (ARDUPILOT, PX4):
        for loss, burst in ((0.0, 1.0), (0.05, 1.0), (0.1, 1.0), (0.2, 1.0), (0.3, 1.0), (0.3, 5.0)):
            link = ChannelSettings(loss=loss, burst=burst, latency_s=0.025)
            stored, false, partial, s = uploads(stack, 100, link, runs=runs if loss else 1)
            name = f"{loss:.0%}" + (", bursts of 5" if burst > 1 else "")
            share = stored / len(s)
            middle, p95 = s[len(s) // 2], s[int(len(s) * 0.95)]
            print(
                f"| {stack.autopilot} | {name} | {share:.1%} | {false} | {partial} "
                f"| {middle:.1f} | {p95:.1f} | {s[-1]:.1f} |",
                flush=True,
            )


def peer_table(runs: int) -> None:
    print(f"\nUpload of 400 items to an ArduPilot, 50 ms round trip: success of 100 ({runs} runs of ours)")
    print("| loss | QGroundControl | MAVSDK | dronesampler | our median s |\n|---|---|---|---|---|")
    for loss, (qgc, mavsdk) in PEERS.items():
        stored, _, _, s = uploads(ARDUPILOT, 400, ChannelSettings(loss=loss, latency_s=0.025), runs=runs)
        print(f"| {loss:.0%} | {qgc} | {mavsdk} | {100 * stored / runs:.0f} | {s[len(s) // 2]:.1f} |", flush=True)


def clean_table() -> None:
    print("\nFour hundred items on a clean link (patrol seconds)")
    print("| what | autopilot | round trip | seconds | wanted |\n|---|---|---|---|---|")
    for stack in (ARDUPILOT, PX4):
        link = ChannelSettings(latency_s=0.025)
        _, _, _, s = uploads(stack, 400, link, runs=1)
        print(f"| upload, read back | {stack.autopilot} | 50 ms | {s[0]:.2f} | 2.7 |")
        store = Store(stack)
        conversation = Conversation(store)
        conversation.run(Upload(conversation.party, MISSION, route(400, personality=stack)))
        link = ChannelSettings(latency_s=0.125)
        conversation = Conversation(store, link, link)
        outcome = conversation.run(Download(conversation.party, MISSION))
        print(f"| download | {stack.autopilot} | 250 ms | {outcome.seconds:.2f} | 5.3 |")


def loopback_table() -> None:
    """Against the simulator's own process, real UDP, wall time."""
    print("\nLoopback UDP to the simulator's process (wall seconds)")
    print("| what | autopilot | seconds | items/s | wanted |\n|---|---|---|---|---|")
    for stack, port in ((ARDUPILOT, 17641), (PX4, 17642)):
        park = ROOT / "assets" / "demo-park.geojson"
        words = ["simulate", "--link", f"udpout:127.0.0.1:{port}", "--park", str(park), "--leash"]
        command = [sys.executable, "-m", "dronesampler", *words, "--personality", str(stack.autopilot)]
        link = VehicleLink([f"udpin:127.0.0.1:{port}"], SystemClock())
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process, link:
            link.find(30.0)
            up = link.run(Upload(link.station.party, MISSION, route(400, personality=stack)))
            down = link.run(Download(link.station.party, MISSION))
            began_s = time.perf_counter()
            link.station.send(())
            for draft in link.station.parameters.list_all(link.station.stamp().monotonic_s):
                link._out(link.station.send([draft]))
            link._until(lambda link=link: link.station.parameters.listed, 20.0)
            took_s = time.perf_counter() - began_s
            total = link.station.parameters.total or 0
            process.terminate()
        print(f"| upload 400, read back | {stack.autopilot} | {up.seconds:.2f} | {400 / up.seconds:.0f} | 150 |")
        print(f"| download 400 | {stack.autopilot} | {down.seconds:.2f} | {400 / down.seconds:.0f} | 150 |")
        print(f"| {total} parameters | {stack.autopilot} | {took_s:.2f} | {total / took_s:.0f} | 870 |")


def parse_table() -> None:
    """What it costs to parse, keep state and record on the disk, in processor time of one core."""
    writer = FrameWriter(1, 1)
    drafts = [
        Draft("GLOBAL_POSITION_INT", {"lat": 357120000, "lon": 1164890000, "alt": 55000, "relative_alt": 15000}),
        Draft("ATTITUDE", {"roll": 0.1, "pitch": 0.05, "yaw": 1.2}),
        Draft("NAMED_VALUE_FLOAT", {"name": "NMHC", "value": 1.5}),
        Draft("SYS_STATUS", {"voltage_battery": 15000}),
        Draft("SERVO_OUTPUT_RAW", {"servo1_raw": 1500}),
    ]
    beat = Draft("HEARTBEAT", {"type": 2, "autopilot": 3, "base_mode": 209, "custom_mode": 3, "system_status": 4})
    frames = [writer.frame(beat)] + [writer.frame(drafts[n % 5]) for n in range(40_000)]
    with tempfile.TemporaryDirectory() as folder:
        log = RawLog(Path(folder), SystemClock())
        station = Station(SystemClock(), log=log.write)
        began = time.process_time()
        for n, frame in enumerate(frames):
            station.receive(frame)
            if n % 40 == 0:
                station.tick()
        share = 2000 * (time.process_time() - began) / len(frames)
        log.close()
    lost = len(frames) - station.counts.received
    print("\nParse, state and raw log at 2,000 messages a second")
    print("| share of one core | frames lost | wanted |\n|---|---|---|")
    print(f"| {share:.1%} | {lost} | 35 % |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500)
    runs = parser.parse_args().runs
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parse_table()
    clean_table()
    loopback_table()
    loss_table(runs)
    peer_table(max(runs // 10, 10))


if __name__ == "__main__":
    main()
