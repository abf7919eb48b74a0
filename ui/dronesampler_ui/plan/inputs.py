"""What an officer chose in Plan, as one frozen value that can be undone, kept and read back."""

import json
from dataclasses import dataclass, fields, replace

from dronesampler.mission import Mission
from dronesampler.mission.plan_file import mission_from_plan, plan_text
from dronesampler.problems import BadInput

DEFAULT_WIND = (225.0, 3.0)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Pattern, its settings (only those changed from their default), the wind, and the route where a hand made it."""

    pattern: str = "crosswind-ladder"
    preset: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    wind_from_deg: float = DEFAULT_WIND[0]
    wind_m_s: float = DEFAULT_WIND[1]
    park: str = ""
    edited: Mission | None = None  # flown instead of what the pattern would lay out

    def given(self) -> dict[str, str]:
        """What is handed to the pattern."""
        preset = {"preset": self.preset} if self.preset else {}
        return preset | dict(self.settings)

    def with_setting(self, key: str, value: str | None) -> "PlanInputs":
        """One setting changed, or back at its default with None: the pattern lays out anew."""
        settings = dict(self.settings)
        settings.pop(key, None)
        if value is not None:
            settings[key] = value
        return replace(self, settings=tuple(sorted(settings.items())), edited=None)

    def as_json(self) -> str:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["edited"] = plan_text(self.edited) if self.edited else None
        return json.dumps(values, ensure_ascii=False)


def inputs_from_json(text: str) -> PlanInputs:
    """What `as_json` wrote; raises ValueError for anything else."""
    try:
        values = json.loads(text)
        values["settings"] = tuple((str(k), str(v)) for k, v in values["settings"])
        text = values.get("edited")
        values["edited"] = mission_from_plan(text, name="") if text else None
        return PlanInputs(**values)
    except (TypeError, KeyError, BadInput) as error:
        raise ValueError(f"not a plan's inputs: {error}") from error


class History:
    """Steps that can be undone and done again, without limit: missions share the items that did not change."""

    def __init__(self, first: PlanInputs) -> None:
        self._past: list[PlanInputs] = []
        self._future: list[PlanInputs] = []
        self.now = first

    def step(self, inputs: PlanInputs) -> None:
        if inputs != self.now:
            self._past.append(self.now)
            self._future.clear()
            self.now = inputs

    def undo(self) -> PlanInputs:
        if self._past:
            self._future.append(self.now)
            self.now = self._past.pop()
        return self.now

    def redo(self) -> PlanInputs:
        if self._future:
            self._past.append(self.now)
            self.now = self._future.pop()
        return self.now
