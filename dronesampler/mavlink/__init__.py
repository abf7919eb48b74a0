"""The only room that speaks MAVLink. Sans-IO: machines are fed bytes or messages and a clock, and return what to send.

- `Station(clock, log=raw_log.write)`: the whole ground station. `receive(data, port=n)`, `tick()` (every 50 ms or
  faster), `ask(intent)`, `begin(transfer)`, `cancel()` return a `Moment(send, said)`: frames to write, events to tell.
  `station.vehicle` is the frozen `flight.vehicle.Vehicle`, `station.party` is what transfers want.
- `PortsInUse(links, clock)`: several ports with fail-over; `read(timeout_s)`, `write(data)`, `tick()`.
- `Upload(party, kind, items)`, `Download(party, kind)`, `Clear(party, kind)`: transfers; `.outcome` when over.
  `wire_items(mission, kind, personality)` makes the items, `refusals(mission, kind, personality)` says beforehand what
  the vehicle cannot hold; `mission_items`, `fence_of`, `rally_of`, `home_of` turn what was read into our values.
- `RawLog(folder, clock)`, `read_log(folder)`, `read_tlog(path)`, `chain_breaks(folder)`, `Replay`.
- `Translator().translate(message, stamp)`: events of one message, for logs that are imported or replayed.
"""

from dronesampler.mavlink.command import Commander
from dronesampler.mavlink.convert import fence_of, home_of, mission_items, rally_of, wire_items
from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.frames import Frame, FrameReader, FrameWriter, Signing, decode
from dronesampler.mavlink.link import Heartbeat, LinkWatch
from dronesampler.mavlink.personality import ARDUPILOT, PX4, Personality, personality_of
from dronesampler.mavlink.plan_check import refusals
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mavlink.rawlog import RawLog, Replay, chain_breaks, read_log, read_tlog
from dronesampler.mavlink.station import Moment, Station
from dronesampler.mavlink.transfer import Ending, Outcome, Party, Transfer
from dronesampler.mavlink.transfer_simple import Clear, Download
from dronesampler.mavlink.transfer_upload import Upload
from dronesampler.mavlink.translate import Translator
from dronesampler.mavlink.wire import PlanKind, WireItem

__all__ = [
    "ARDUPILOT",
    "PX4",
    "Clear",
    "Commander",
    "Download",
    "Draft",
    "Ending",
    "Frame",
    "FrameReader",
    "FrameWriter",
    "Heartbeat",
    "LinkWatch",
    "Message",
    "Moment",
    "Outcome",
    "Party",
    "Personality",
    "PlanKind",
    "PortsInUse",
    "RawLog",
    "Replay",
    "Signing",
    "Station",
    "Transfer",
    "Translator",
    "Upload",
    "WireItem",
    "chain_breaks",
    "decode",
    "fence_of",
    "home_of",
    "mission_items",
    "personality_of",
    "rally_of",
    "read_log",
    "read_tlog",
    "refusals",
    "wire_items",
]
