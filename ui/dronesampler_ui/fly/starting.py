"""Starts a session, and a simulator for it, as processes of their own; runs on work threads."""

from dataclasses import dataclass
from pathlib import Path

from dronesampler.mission import Mission
from dronesampler.problems import Refused
from dronesampler.session.client import SessionClient
from dronesampler.texts import Text

NOT_YET = Text("此版本尚不能从窗口启动会话", "this version cannot start a session from the window yet")


@dataclass(slots=True)
class Started:
    """A session that answers, and what must end with the window."""

    client: SessionClient

    def close(self) -> None:
        """Nothing of ours to end."""


def start_session(data_dir: Path, link: str, mission: Mission | None) -> Started:
    raise Refused(NOT_YET)


def start_simulator(data_dir: Path, mission: Mission | None, progress: object) -> Started:
    raise Refused(NOT_YET)
