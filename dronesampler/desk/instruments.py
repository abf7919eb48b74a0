"""Instruments as the officer names them, PROFILE@LINK, with the team's alarm settings laid over each profile."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dronesampler.problems import BadInput
from dronesampler.sampler.alarm_rules import rules_from, team_rules
from dronesampler.sampler.profile import MAVLINK_NMHC, Profile
from dronesampler.sampler.profiles import read_profile
from dronesampler.session.instruments import Fitted
from dronesampler.store.engine import locate
from dronesampler.texts import Text

NOT_FITTED = Text(
    "“{text}” 应写成 仪器配置@链路，例如 serial-lines@serial:/dev/ttyUSB0:9600，或 minipid-40ppm@mavlink"
    "（单个组件写 @mavlink:1/26）",
    "“{text}” should be PROFILE@LINK, e.g. serial-lines@serial:/dev/ttyUSB0:9600, or minipid-40ppm@mavlink "
    "(or @mavlink:1/26 for one component)",
)
_COMPONENT = re.compile(r"mavlink:(\d{1,3}/\d{1,3})")


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted to the aircraft: the profile of MAVLink payloads, of single ones, and ports of their own."""

    mavlink: Profile = MAVLINK_NMHC
    mavlink_named: bool = False
    payloads: Mapping[str, Profile] = field(default_factory=dict)
    ports: tuple[Fitted, ...] = ()

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Of the instruments that were named; the MAVLink sampler where none was."""
        named = (*self.payloads.values(), *(fitted.profile for fitted in self.ports))
        return (*named, self.mavlink) if self.mavlink_named or not named else named


def fit_of(words: Iterable[str], folder: Path | None) -> Fit:
    """The instruments of `--instrument` options; without any, the MAVLink sampler. Raises BadInput."""
    mavlink, named = fitted_profile(None, folder), False
    payloads: dict[str, Profile] = {}
    ports: list[Fitted] = []
    for text in words:
        name, at, link = text.partition("@")
        if not (name and at and link):
            raise BadInput(NOT_FITTED.with_(text=text))
        profile = fitted_profile(name, folder)
        single = _COMPONENT.fullmatch(link)
        if link == "mavlink":
            mavlink, named = profile, True
        elif single is not None:
            payloads[single[1]] = profile
        else:
            ports.append(Fitted(profile, link))
    return Fit(mavlink, named, payloads, tuple(ports))


def fitted_profile(name: str | None, folder: Path | None) -> Profile:
    """A profile by name or file (None: the MAVLink sampler) with the team's alarm settings. Raises BadInput."""
    profile = MAVLINK_NMHC if name is None else read_profile(name)
    return replace(profile, alarms=rules_from(team_rules(folder), profile.alarms))


def team_folder(into: Path | str) -> Path | None:
    """Where the team's settings lie: the data folder around a database file; None for a server."""
    return locate(into).folder
