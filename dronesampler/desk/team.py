"""Who answers for a patrol: the team on file in the data folder, or the demonstration's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dronesampler.casework import Officer
from dronesampler.problems import BadInput, Refused
from dronesampler.safe_files import json_file
from dronesampler.store import Patrol
from dronesampler.texts import Text

TEAM_FILE = "team.json"

NO_TEAM = Text(
    "没有执法人员信息：请给出两人的姓名和执法证号，或写入 {path}",
    "no officers are known: name two with their certificate numbers, or put them into {path}",
)
BAD_TEAM = Text("执法人员文件无法读取：{reason}", "the file of officers cannot be read: {reason}")
NO_FIELD = Text("缺少 {name}", "{name} is missing")
BAD_VALUES = Text("字段的值不对", "a field has a value of the wrong kind")


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for a patrol, and the aircraft they flew."""

    agency: str
    officers: tuple[Officer, ...]
    aircraft: Mapping[str, str]


DEMONSTRATION_TEAM = Team(
    "示范县生态环境保护综合执法大队（演示，非真实机构）",
    (
        Officer("示例甲（演示）", "DEMO-0001", valid_to="2099-12-31", name_en="Example A (demonstration)"),
        Officer("示例乙（演示）", "DEMO-0002", valid_to="2099-12-31", name_en="Example B (demonstration)"),
    ),
    {"model": "模拟多旋翼 simulated multirotor", "serial": "SIM-0001", "registration": "SIMULATED"},
)


def team_of(folder: Path, patrol: Patrol) -> Team:
    """The team on file in the data folder; a simulated patrol without one is the demonstration team's."""
    path = folder / TEAM_FILE
    if not path.exists():
        if patrol.simulated:
            return DEMONSTRATION_TEAM
        raise Refused(NO_TEAM.with_(path=path))
    values = json_file(path)
    try:
        officers = tuple(Officer(**row) for row in values["officers"])
        return Team(str(values["agency"]), officers, dict(values.get("aircraft", {})))
    except KeyError as reason:
        raise BadInput(BAD_TEAM.with_(reason=NO_FIELD.with_(name=reason.args[0])), where=str(path)) from reason
    except (ValueError, TypeError) as reason:
        raise BadInput(BAD_TEAM.with_(reason=BAD_VALUES), where=str(path)) from reason


def aircraft_of(team: Team, patrol: Patrol) -> dict[str, str]:
    """What the vehicle said of itself, and what the team says of it."""
    return {**({"reported": patrol.aircraft} if patrol.aircraft else {}), **team.aircraft}
