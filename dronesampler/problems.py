"""What can be wrong, as values with rule, severity, place and reason; and the two ways a use case ends early."""

import errno
from dataclasses import dataclass
from enum import StrEnum

from dronesampler.texts import Text


class Severity(StrEnum):
    """How much a problem matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def word(self) -> Text:
        """As a person reads it."""
        return _WORDS[self]


_WORDS = {
    Severity.NOTE: Text("提示", "note"),
    Severity.WARNING: Text("警告", "warning"),
    Severity.ERROR: Text("错误", "error"),
}
_SYSTEM = Text("系统：{why}", "{why}")
_SYSTEM_SAYS = {
    errno.ENOENT: Text("没有这个文件或文件夹", "no such file or folder"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("不允许这样做", "not permitted"),
    errno.EISDIR: Text("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: Text("这是文件，不是文件夹", "it is a file, not a folder"),
    errno.EROFS: Text("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EADDRINUSE: Text("端口已被占用", "the port is in use"),
    errno.ECONNREFUSED: Text("连接被拒绝", "the connection was refused"),
}


def system_said(problem: OSError) -> Text:
    """What the system says of a failed call: the usual ones in both languages, the others as it says them."""
    known = _SYSTEM_SAYS.get(problem.errno or 0)
    if known is not None:
        return known
    return _SYSTEM.with_(why=problem.strerror or problem)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check. `rule` is a stable code for programs, `where` names the place (item, row, outlet)."""

    rule: str
    severity: Severity
    text: Text
    where: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None


class BadInput(Exception):
    """What was given cannot be used: says what is wrong, where, and what to do. The command line exits with 2."""

    def __init__(self, text: Text, *, where: str = "") -> None:
        super().__init__(f"{where}: {text.en}" if where else text.en)
        self.text = text
        self.where = where


class Refused(Exception):
    """The input was good and the answer is no, or the work failed: with the reason. The command line exits with 1."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
