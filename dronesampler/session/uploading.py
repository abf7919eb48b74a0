"""Storing a mission in the vehicle: fence, then rally points, then the route, each read back and compared."""

from collections import deque
from dataclasses import dataclass, field, replace

from dronesampler import commands
from dronesampler.commands import Continue, Intent, Start
from dronesampler.mavlink.convert import fence_of, mission_items, rally_of, wire_items
from dronesampler.mavlink.plan_check import refusals
from dronesampler.mavlink.station import Moment, Station
from dronesampler.mavlink.transfer import Outcome, Progress
from dronesampler.mavlink.transfer_simple import Clear
from dronesampler.mavlink.transfer_upload import Upload
from dronesampler.mavlink.wire import STORING_ORDER, PlanKind
from dronesampler.mission import Mission
from dronesampler.texts import Text

NOTHING = Text("", "")
UPLOAD_RUNS = Text(
    "正在上传计划：请等待回读核对完成，或取消上传", "a plan is being uploaded: wait until it is read back, or cancel it"
)
STORED_BEFORE = Text("{reason}（此前已存入新的：{parts}）", "{reason} (new on board already: {parts})")


def held_up(intent: Intent, uploading: "Uploading | None") -> Text | None:
    """Why an intent must wait for the upload that runs: half a plan is not flown, nor is one uploaded over another."""
    return UPLOAD_RUNS if uploading is not None and isinstance(intent, (commands.Upload, Start, Continue)) else None


@dataclass(slots=True)
class Uploading:
    """One mission on its way. Owned by the session's thread; `over` tells when it has ended, `reason` why not well."""

    mission: Mission
    over: bool = False
    good: bool = False
    reason: Text = NOTHING
    held: Mission | None = None  # what was read back
    retries: int = 0
    seconds: float = 0.0
    _waiting: deque[PlanKind] = field(default_factory=lambda: deque(STORING_ORDER))
    _outcomes: dict[PlanKind, Outcome] = field(default_factory=dict)

    @property
    def touched(self) -> bool:
        """Whether something was sent, so that what is on board may be another than before."""
        return bool(self._outcomes)

    def start(self, station: Station) -> Moment:
        """Refuse what the vehicle's table already forbids, else begin."""
        for kind in STORING_ORDER:
            problems = refusals(self.mission, kind, station.personality)
            if problems:
                return self._end(problems[0].text)
        return self._next(station)

    def step(self, station: Station) -> Moment:
        """See whether the running transfer has ended, and begin the next."""
        transfer = station.transfer
        if self.over or transfer is None or transfer.outcome is None:
            return Moment()
        outcome, station.transfer = transfer.outcome, None
        self._outcomes[outcome.kind] = outcome
        self.retries += outcome.retries
        self.seconds += outcome.seconds
        if not outcome.good:
            stored = [kind.word for kind, done in self._outcomes.items() if done.good]
            before = STORED_BEFORE.with_(reason=outcome.reason, parts=", ".join(stored))
            return self._end(before if stored else outcome.reason)
        return self._next(station)

    def cancel(self, station: Station) -> Moment:
        """Stop; the running transfer puts the old list back and then ends, which `step` notices."""
        return Moment() if self.over else station.cancel()

    def progress(self, station: Station) -> Progress | None:
        return station.transfer.progress if station.transfer else None

    def _next(self, station: Station) -> Moment:
        while self._waiting:
            kind = self._waiting.popleft()
            items = wire_items(self.mission, kind, station.personality)
            if items:
                return station.begin(Upload(station.party, kind, items, followed=kind is PlanKind.FENCE))
            # An old list of another patrol must not stay on board.
            return station.begin(Clear(station.party, kind))
        self.held = self._read_back(station)
        self.good = self.over = True
        return Moment()

    def _end(self, reason: Text) -> Moment:
        self.reason, self.over = reason, True
        return Moment()

    def _read_back(self, station: Station) -> Mission:
        stored = {kind: outcome.stored for kind, outcome in self._outcomes.items()}
        return replace(
            self.mission,
            items=mission_items(stored[PlanKind.MISSION], station.personality),
            fence=fence_of(stored.get(PlanKind.FENCE, ())),
            rally=rally_of(stored.get(PlanKind.RALLY, ())),
        )
