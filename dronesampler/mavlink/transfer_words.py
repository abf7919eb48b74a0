"""What an upload says of itself and of a refusal, and items in a form that may be sent back."""

from dronesampler.mavlink.wire import MissionResult, WireItem
from dronesampler.texts import Text

READING_OLD = Text("读取机上原有计划", "reading the plan on board")
SENDING = Text("上传", "uploading")
CHECKING = Text("回读核对", "reading back")
RESTORING = Text("恢复原有计划", "putting the old plan back")
NO_ANSWER = Text("飞控没有回应任务协议", "the vehicle does not answer the mission protocol")
BUSY = Text(
    "飞控正忙于另一个传输，可能有另一地面站在写入",
    "the vehicle is busy with another transfer; another station may be writing",
)
ITEM_REFUSED = Text(
    "飞控拒绝第 {item} 项（命令 {command}{detail}）：{result}",
    "the vehicle refused item {item} (command {command}{detail}): {result}",
)
LIST_REFUSED = Text("飞控拒绝该计划：{result}", "the vehicle refused the plan: {result}")
REJECTED_AFTER = Text("飞控存储后判定该计划不可用", "the vehicle stored the plan and then rejected it")
NOT_EQUAL = Text(
    "多次尝试后机上内容仍与计划不同：第 {item} 项的 {field} 应为 {sent}，读回 {got}",
    "after several attempts the vehicle holds something else: {field} of item {item} should be {sent}, read {got}",
)
COUNT_NOT_EQUAL = Text(
    "多次尝试后机上项数仍不符：应为 {sent}，读回 {got}",
    "after several attempts the count is still wrong: {sent} sent, {got} read",
)
GAVE_UP = Text("多次尝试后上传仍未完成", "the upload did not complete after several attempts")
CANCELLED = Text("操作员取消了上传", "the operator cancelled the upload")
# What is on board after an upload that failed: the old plan was restored, was not, or nobody knows.
ON_BOARD = {
    True: Text("{reason}。机上仍是原有计划", "{reason}. The vehicle holds the plan it held before"),
    False: Text(
        "{reason}。原有计划未能恢复，机上内容不可用：请重新上传或清除",
        "{reason}. Its old plan could not be put back, and what it holds is of no use: upload again, or clear it",
    ),
    None: Text(
        "{reason}。机上现有内容未知：起飞前请重新上传或清除",
        "{reason}. What it holds now is not known: upload again or clear it before take-off",
    ),
}
SAID = Text("{reason}；飞控说：{words}", "{reason}; the autopilot says: {words}")


def sendable(item: WireItem) -> WireItem:
    """An item that was read, in a form that may be sent back: PX4 reports rally points in a frame it cannot use."""
    frame = 3 if item.command == 5100 and item.frame == 6 else item.frame
    return WireItem(item.command, frame, item.params, item.x, item.y, item.z, item.autocontinue)


def value_of(item: WireItem, result: MissionResult | None) -> str:
    """The field that a result points at, with its value."""
    if result in (MissionResult.UNSUPPORTED_FRAME,):
        return f", frame {item.frame}"
    if result is None or not MissionResult.INVALID_PARAM1 <= result <= MissionResult.INVALID_PARAM7:
        return ""
    values = (*item.params, item.x, item.y, item.z)
    number = result - MissionResult.INVALID_PARAM1
    return f", param{number + 1} = {values[number]}"
