"""What alarms say, in both languages: the species, the figure, its limit, and which instrument."""

from collections.abc import Mapping

from dronesampler.sampler.alarm_rules import AlarmKind
from dronesampler.sampler.readings import Reading
from dronesampler.sampler.status import Status
from dronesampler.texts import Text

SAID: Mapping[AlarmKind, Text] = {
    AlarmKind.ABOVE: Text(
        "{quantity} 高于背景 {value:.2f} mg/m³（报警值 {limit:.2f}）",
        "{quantity} is {value:.2f} mg/m³ above background (alarm at {limit:.2f})",
    ),
    AlarmKind.RISE: Text(
        "{quantity} 上升 {value:.2f} mg/m³ 每秒（报警值 {limit:.2f}）",
        "{quantity} rises by {value:.2f} mg/m³ a second (alarm at {limit:.2f})",
    ),
    AlarmKind.LIMIT: Text(
        "{quantity} {value:.2f} mg/m³，超过设定限值 {limit:.2f}",
        "{quantity} is {value:.2f} mg/m³, over the limit of {limit:.2f} that was set",
    ),
    AlarmKind.LEL: Text(
        "危险：{quantity} 达爆炸下限的 {value:.0f}%（报警值 {limit:.0f}%），人员撤离",
        "danger: {quantity} is at {value:.0f} % of its lower explosive limit (alarm at {limit:.0f} %), people leave",
    ),
    AlarmKind.STALE: Text(
        "{instrument}：{quantity} 已 {limit:.0f} 秒没有新读数",
        "{instrument}: no new {quantity} reading for {limit:.0f} s",
    ),
    AlarmKind.FAULT: Text("{instrument}：{quantity} {status}", "{instrument}: {quantity} {status}"),
}
# How a change of an alarm is told in a line; what nobody needs to hear again is not there.
ALARMS: Mapping[str, Text] = {
    "raised": Text("报警：{words}", "ALARM: {words}"),
    "worse": Text("报警升级：{words}", "ALARM, worse: {words}"),
    "cleared": Text("报警解除：{words}", "alarm over: {words}"),
}
STATUS_WORDS: Mapping[Status, Text] = {
    Status.NORMAL: Text("正常", "normal"),
    Status.WARM_UP: Text("预热中", "warming up"),
    Status.OUT_OF_RANGE: Text("超出量程", "out of range"),
    Status.FAULT: Text("仪器故障", "reports a fault"),
    Status.CALIBRATION: Text("校准中", "is being calibrated"),
    Status.MAINTENANCE: Text("维护中", "under maintenance"),
    Status.STALE: Text("无新读数", "stale"),
    Status.STUCK: Text("读数卡住不变", "is stuck at one value"),
    Status.SPIKE: Text("尖峰", "spike"),
    Status.HUMID: Text("湿度过高", "too humid"),
    Status.MISSING: Text("没有数值", "gives no number"),
}


def said(kind: AlarmKind, reading: Reading, *, value: float, limit: float) -> Text:
    """The sentence of an alarm that is raised."""
    return SAID[kind].with_(
        quantity=reading.quantity,
        instrument=reading.instrument,
        value=value,
        limit=limit,
        status=STATUS_WORDS[reading.status],
    )
