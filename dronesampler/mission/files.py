"""Mission files by their ending."""

from pathlib import Path

from dronesampler.mission.mission import Mission
from dronesampler.mission.plan_file import mission_from_plan, plan_text
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_READABLE = Text("无法读取任务文件：{why}", "the mission file cannot be read: {why}")
UNKNOWN_ENDING = Text("不认识的任务文件格式“{ending}”", "unknown kind of mission file “{ending}”")


def read_mission(path: Path | str) -> Mission:
    """Read a mission; raises BadInput for what cannot be read."""
    path = Path(path)
    if path.suffix.lower() != ".plan":
        raise BadInput(UNKNOWN_ENDING.with_(ending=path.suffix), where=str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(NOT_READABLE.with_(why=error), where=str(path)) from error
    return mission_from_plan(text, name=path.stem)


def write_mission(mission: Mission, path: Path | str) -> tuple[Text, ...]:
    """Write a mission in the format of the path's ending; returns what the format cannot hold."""
    path = Path(path)
    if path.suffix.lower() != ".plan":
        raise BadInput(UNKNOWN_ENDING.with_(ending=path.suffix), where=str(path))
    path.write_text(plan_text(mission), encoding="utf-8")
    return ()
