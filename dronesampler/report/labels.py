"""Putting names beside marks on a map so that they do not lie on one another."""

from dataclasses import dataclass, field

from dronesampler.report.svg import width_of

Box = tuple[float, float, float, float]  # left, top, right, bottom
LEAST_READABLE = 0.04  # share of a name that may be covered


@dataclass(slots=True)
class LabelBoard:
    """Remembers what is taken; `frame` is the part of the picture that labels must stay in."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def block(self, box: Box) -> None:
        """Keep a mark or a drawing free."""
        self.taken.append(box)

    def place(self, text: str, x: float, y: float, *, size: float, gap: float = 8.0) -> tuple[float, float]:
        """Left end of the baseline for a label of the mark at x, y: the first free of eight places, else the first."""
        width, height = width_of(text, size), size
        candidates = [
            (x + gap, y + height * 0.36),
            (x - gap - width, y + height * 0.36),
            (x - width / 2, y - gap),
            (x - width / 2, y + gap + height * 0.8),
            (x + gap * 0.7, y - gap * 0.7),
            (x + gap * 0.7, y + gap * 0.7 + height * 0.8),
            (x - gap * 0.7 - width, y - gap * 0.7),
            (x - gap * 0.7 - width, y + gap * 0.7 + height * 0.8),
        ]
        left, base = min(candidates, key=lambda c: self._overlap(_box(c, width=width, height=height)))
        self.block(_box((left, base), width=width, height=height))
        return left, base

    def place_near_middle(
        self, text: str, x: float, y: float, *, size: float, reach: float
    ) -> tuple[float, float] | None:
        """Left end of the baseline for the name of an area about x, y, moved up or down by no more than `reach`.

        None where it would lie on other names and marks: they matter more.
        """
        width = width_of(text, size)
        steps = [0.0] + [sign * step for step in range(7, max(int(reach), 7), 7) for sign in (1.0, -1.0)]
        places = [(x - width / 2, y + size * 0.36 + step) for step in steps]
        costs = {place: self._overlap(_box(place, width=width, height=size)) for place in places}
        best = min(costs, key=lambda place: costs[place])
        box = _box(best, width=width, height=size)
        if costs[best] > LEAST_READABLE * _area(box):
            return None
        self.block(box)
        return best

    def _overlap(self, box: Box) -> float:
        """Area shared with what is taken, and all of what lies outside the frame."""
        inside = _shared(box, self.frame)
        return sum(_shared(box, other) for other in self.taken) + 4.0 * (_area(box) - inside)


def _box(place: tuple[float, float], *, width: float, height: float) -> Box:
    left, base = place
    return left - 1.0, base - height * 0.9, left + width + 1.0, base + height * 0.25


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
