"""Custody of a sample from hand to hand: who held it when and how it was kept safe, and where nobody can be named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

# US EPA Region V, Manual of Custody and Non-Custody Sample Handling Procedures, second edition, August 1978
# (document 905R78115 at nepis.epa.gov), introduction: a sample is in someone's custody in one of five ways.
CUSTODY_SOURCE = "US EPA Region V, 905R78115 (1978)"


class CustodyMode(StrEnum):
    """One of the five ways in which a sample is in custody."""

    POSSESSION = "possession"
    VIEW = "view"
    LOCKED = "locked"
    SECURED = "secured"
    SEALED = "sealed"

    @property
    def word(self) -> Text:
        return _MODES[self][0]

    @property
    def meaning(self) -> Text:
        return _MODES[self][1]


_MODES = {
    CustodyMode.POSSESSION: (Text("手持", "in hand"), Text("由本人实际持有", "in the person's actual possession")),
    CustodyMode.VIEW: (
        Text("在视线内", "in view"),
        Text("持有之后始终在本人视线之内", "in the person's view, after having been in their possession"),
    ),
    CustodyMode.LOCKED: (
        Text("上锁", "locked up"),
        Text("持有之后由本人锁存，他人无法动手脚", "locked up by the person so that nobody could tamper with it"),
    ),
    CustodyMode.SECURED: (
        Text("限制区", "secured area"),
        Text("存放于仅限授权人员进入的区域", "in an area that only authorised people may enter"),
    ),
    CustodyMode.SEALED: (
        Text("加封容器", "sealed container"),
        Text("置于加封容器内，开启必破坏封签", "in a container whose custody seal breaks when it is opened"),
    ),
}


class Condition(StrEnum):
    """How the vessel looked when it was received."""

    GOOD = "good"
    DAMAGED = "damaged"
    LEAKING = "leaking"
    REJECTED = "rejected"

    @property
    def word(self) -> Text:
        return _CONDITIONS[self]


_CONDITIONS = {
    Condition.GOOD: Text("完好", "good"),
    Condition.DAMAGED: Text("破损", "damaged"),
    Condition.LEAKING: Text("泄漏", "leaking"),
    Condition.REJECTED: Text("拒收", "rejected"),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """One sample goes from one person to another, or into another way of being kept by the same person.

    Between `released_unix_s` and `received_unix_s` nobody holds it: that is allowed only in a sealed container, e.g.
    with a courier. `mode` is how the receiver keeps it from then on; `transit` how it travelled in between.
    """

    giver: str
    receiver: str
    released_unix_s: float
    received_unix_s: float
    mode: CustodyMode = CustodyMode.POSSESSION
    transit: CustodyMode | None = None
    place: str = ""
    seal: str = ""  # the number as read on receipt
    seal_intact: bool | None = None
    condition: Condition = Condition.GOOD
    witness: str = ""
    temperature_c: float | None = None
    dark: bool | None = None
    vacuum_kpa: float | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sealing:
    """A seal was put on; where one was broken for it, two people were there and the reason is said."""

    seal: str
    at_unix_s: float
    by: str
    witness: str = ""
    replaces: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Who had it, from when to when, and how. `holder` "" is a gap: nobody can be named. The last span is open."""

    holder: str
    mode: CustodyMode | None
    from_unix_s: float
    to_unix_s: float | None
    place: str = ""

    @property
    def gap(self) -> bool:
        return self.mode is None


GAP = Text(
    "{minutes:.0f} 分钟无人保管：{giver} 交出之后、{receiver} 接收之前",
    "for {minutes:.0f} min nobody held it: between {giver} and {receiver}",
)
UNKNOWN_WAY = Text(
    "交出人应为 {holder}，记录却是 {giver}：样品如何到其手中没有记录",
    "{holder} had it, yet {giver} handed it over: how it came there is not on record",
)
BACKWARDS = Text("交接时间倒退：{giver} → {receiver}", "times go backwards: {giver} → {receiver}")
BROKEN_SEAL = Text("{receiver} 接收时封签不完整", "the seal was not intact when {receiver} received it")
NOT_LOOKED = Text(
    "{receiver} 接收时未记录封签是否完整", "whether the seal was intact on receipt by {receiver} is not said"
)
OTHER_SEAL = Text(
    "{receiver} 接收时封签号为 {found}，应为 {expected}",
    "{receiver} received it under seal {found}; it was sealed with {expected}",
)
DAMAGED = Text("{receiver} 接收时样品{condition}", "on receipt by {receiver} it was {condition}")
ALONE = Text(
    "更换封签 {old} → {new} 只有一人在场，须有两人", "seal {old} gave way to {new} before one person; two are needed"
)
NOBODY = Text("没有任何交接记录", "no hand-over is on record")


def spans_of(crew: str, taken_unix_s: float, handovers: Sequence[Handover]) -> tuple[Span, ...]:
    """Who held it since it was taken, gaps included. `crew` has it in view until the first hand-over."""
    spans: list[Span] = []
    holder, mode, since_s, place = crew, CustodyMode.VIEW, taken_unix_s, ""
    for h in handovers:
        spans.append(Span(holder, mode, since_s, h.released_unix_s, place))
        if h.giver != holder:
            # Somebody must have had it meanwhile; nobody says who, nor since when.
            spans[-1] = Span(holder, mode, since_s, since_s, place)
            spans.append(Span("", None, since_s, h.released_unix_s))
        if h.received_unix_s > h.released_unix_s:
            sealed = h.transit is CustodyMode.SEALED
            way = Span(h.place, h.transit, h.released_unix_s, h.received_unix_s, h.place)
            spans.append(way if sealed else Span("", None, h.released_unix_s, h.received_unix_s))
        holder, mode, since_s, place = h.receiver, h.mode, h.received_unix_s, h.place
    return (*spans, Span(holder, mode, since_s, None, place))


def custody_problems(
    number: str, crew: str, taken_unix_s: float, *, seals: Sequence[Sealing], handovers: Sequence[Handover]
) -> tuple[Problem, ...]:
    """Every break of custody (errors) and every doubt (warnings), in the order of the hand-overs."""
    found = [*_ways(crew, taken_unix_s, handovers), *_seals(seals, handovers)]
    if not handovers:
        found.append(("none", Severity.WARNING, NOBODY))
    return tuple(Problem(f"custody.{rule}", severity, text, number) for rule, severity, text in found)


def _ways(crew: str, taken_unix_s: float, handovers: Sequence[Handover]) -> Iterator[tuple[str, Severity, Text]]:
    holder, since_s = crew, taken_unix_s
    for h in handovers:
        names = {"giver": h.giver, "receiver": h.receiver, "holder": holder}
        if h.giver != holder:
            yield "holder", Severity.ERROR, UNKNOWN_WAY.with_(**names)
        if h.released_unix_s < since_s or h.received_unix_s < h.released_unix_s:
            yield "order", Severity.ERROR, BACKWARDS.with_(**names)
        elif h.received_unix_s > h.released_unix_s and h.transit is not CustodyMode.SEALED:
            minutes = (h.received_unix_s - h.released_unix_s) / 60.0
            yield "gap", Severity.ERROR, GAP.with_(minutes=max(minutes, 1.0), **names)
        if h.condition is not Condition.GOOD:
            yield "condition", Severity.ERROR, DAMAGED.with_(receiver=h.receiver, condition=h.condition.word)
        holder, since_s = h.receiver, h.received_unix_s


def _seals(seals: Sequence[Sealing], handovers: Sequence[Handover]) -> Iterator[tuple[str, Severity, Text]]:
    for old, new in pairwise(seals):
        if not new.witness or new.witness == new.by:
            yield "two", Severity.ERROR, ALONE.with_(old=old.seal, new=new.seal)
    for h in handovers:
        expected = next((s.seal for s in reversed(seals) if s.at_unix_s <= h.received_unix_s), "")
        if h.seal_intact is False:
            yield "seal", Severity.ERROR, BROKEN_SEAL.with_(receiver=h.receiver)
        elif h.seal_intact is None and expected:
            yield "seal", Severity.WARNING, NOT_LOOKED.with_(receiver=h.receiver)
        if h.seal and expected and h.seal != expected:
            yield "seal", Severity.ERROR, OTHER_SEAL.with_(receiver=h.receiver, found=h.seal, expected=expected)
