"""What an officer chose in Plan, as one frozen value that can be undone, kept and read back."""

import json
from dataclasses import asdict, dataclass, replace

DEFAULT_WIND = (225.0, 3.0)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Pattern, its settings (only those changed from their default), and the wind."""

    pattern: str = "crosswind-ladder"
    preset: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    wind_from_deg: float = DEFAULT_WIND[0]
    wind_m_s: float = DEFAULT_WIND[1]
    park: str = ""

    def given(self) -> dict[str, str]:
        """What is handed to the pattern."""
        preset = {"preset": self.preset} if self.preset else {}
        return preset | dict(self.settings)

    def with_setting(self, key: str, value: str | None) -> "PlanInputs":
        """One setting changed, or back at its default with None."""
        settings = dict(self.settings)
        settings.pop(key, None)
        if value is not None:
            settings[key] = value
        return replace(self, settings=tuple(sorted(settings.items())))

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def inputs_from_json(text: str) -> PlanInputs:
    """What `as_json` wrote; raises ValueError for anything else."""
    try:
        values = json.loads(text)
        values["settings"] = tuple((str(k), str(v)) for k, v in values["settings"])
        return PlanInputs(**values)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a plan's inputs: {error}") from error


class History:
    """Steps that can be undone and done again."""

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
