"""Named sets of a pattern's settings that an officer keeps: a file in the data folder, whole or not at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dronesampler.problems import BadInput
from dronesampler.safe_files import json_file

FILE = "presets.json"
Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OwnPresets:
    """Sets by pattern and name. Changes give a new value; `write` keeps it."""

    sets: Mapping[str, Mapping[str, Values]]

    def of(self, pattern: str) -> Mapping[str, Values]:
        """The sets of a pattern by name."""
        return self.sets.get(pattern, {})

    def named(self, pattern: str, values: Values) -> str:
        """The name of the set with just these values; "" where there is none."""
        return next((name for name, kept in self.of(pattern).items() if kept == values), "")

    def with_set(self, pattern: str, name: str, values: Values) -> "OwnPresets":
        """One more set, or another in the place of the one of that name."""
        return self._with(pattern, {**self.of(pattern), name: values})

    def without(self, pattern: str, name: str) -> "OwnPresets":
        return self._with(pattern, {k: v for k, v in self.of(pattern).items() if k != name})

    def renamed(self, pattern: str, old: str, new: str) -> "OwnPresets":
        """The set under another name, in its old place."""
        if new != old and new in self.of(pattern):
            return self
        return self._with(pattern, {new if k == old else k: v for k, v in self.of(pattern).items()})

    def _with(self, pattern: str, sets: Mapping[str, Values]) -> "OwnPresets":
        return OwnPresets({**self.sets, pattern: sets})


def read_presets(data_dir: Path) -> OwnPresets:
    """The sets on file; none where there is no file, or one of another version."""
    try:
        told = json_file(data_dir / FILE)
        sets = {
            str(pattern): {
                str(name): tuple(sorted((str(k), str(v)) for k, v in values.items())) for name, values in kept.items()
            }
            for pattern, kept in told.items()
        }
    except (BadInput, AttributeError):
        return OwnPresets({})
    return OwnPresets(sets)


def write_presets(data_dir: Path, presets: OwnPresets) -> None:
    """Written beside and moved into place. Raises OSError where it cannot be."""
    data_dir.mkdir(parents=True, exist_ok=True)
    told = {pattern: {name: dict(values) for name, values in kept.items()} for pattern, kept in presets.sets.items()}
    fresh = data_dir / f"{FILE}.new"
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(data_dir / FILE)
