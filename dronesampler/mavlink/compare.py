"""What was read back against what was sent, field by field, with the roundings that a store is known to make."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dronesampler.mavlink.personality import PLACED, RALLY_COMMAND, Losses, Personality
from dronesampler.mavlink.wire import PlanKind, WireFrame, WireItem, same_float

_FRAME_KIND = {
    WireFrame.GLOBAL: "sea",
    WireFrame.GLOBAL_INT: "sea",
    WireFrame.GLOBAL_RELATIVE: "home",
    WireFrame.GLOBAL_RELATIVE_INT: "home",
    WireFrame.TERRAIN: "terrain",
    WireFrame.TERRAIN_INT: "terrain",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not as sent. `sequence` counts as the vehicle does."""

    sequence: int
    field: str
    sent: object
    got: object


def difference(
    sent: Sequence[WireItem], got: Sequence[WireItem], *, kind: PlanKind, personality: Personality
) -> Difference | None:
    """None where the vehicle holds what was sent."""
    home = 1 if personality.home_item and kind is PlanKind.MISSION else 0
    # An empty list and one that holds only the vehicle's home are the same plan.
    if max(len(sent), home) != max(len(got), home):
        return Difference(-1, "count", len(sent), len(got))
    for sequence in range(home, len(sent)):
        found = _item_difference(sent[sequence], got[sequence], kind=kind, personality=personality)
        if found is not None:
            field, ours, theirs = found
            return Difference(sequence, field, ours, theirs)
    return None


def _item_difference(
    sent: WireItem, got: WireItem, *, kind: PlanKind, personality: Personality
) -> tuple[str, object, object] | None:
    if sent.command != got.command:
        return "command", sent.command, got.command
    losses = personality.losses.get(sent.command, Losses())
    for number, (ours, theirs) in enumerate(zip(sent.params, got.params, strict=True), start=1):
        if not _same_param(ours, theirs, number=number, losses=losses):
            return f"param{number}", ours, theirs
    if (sent.x, sent.y) != (got.x, got.y):
        return "place", (sent.x, sent.y), (got.x, got.y)
    if kind is PlanKind.FENCE:
        return None  # a zone has no height, and each stack writes its own frame
    if sent.command in PLACED and _FRAME_KIND.get(WireFrame(sent.frame)) != _frame_kind(got.frame):
        return "frame", sent.frame, got.frame
    step = personality.rally_height_step_m if sent.command == RALLY_COMMAND else personality.height_step_m
    if sent.z == 0.0 and got.z == losses.zero_becomes.get(7):
        return None
    if not same_float(sent.z, got.z, tolerance=step * 1.001):
        return "height", sent.z, got.z
    return None


def _frame_kind(number: int) -> str | None:
    return _FRAME_KIND.get(WireFrame(number)) if number in set(WireFrame) else None


def _same_param(ours: float, theirs: float, *, number: int, losses: Losses) -> bool:
    if same_float(ours, theirs):
        return True
    if math.isnan(ours):
        return theirs == 0.0 or theirs == losses.zero_becomes.get(number)
    if number in losses.whole and theirs == math.trunc(ours):
        return True
    if ours == 0.0 and theirs == losses.zero_becomes.get(number):
        return True
    return number in losses.dropped and theirs in (0.0, losses.zero_becomes.get(number, 0.0))
