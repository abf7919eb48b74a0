"""The approval of a flight in controlled airspace, as its record states it, and what an application must say."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dronesampler.geo import Polygon
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. Times are ISO 8601; `area` None means the scope was not drawn and is not taken as covering."""

    number: str
    area: Polygon | None
    ceiling_agl_m: float
    begins_utc: str
    ends_utc: str
    authority: str = ""

    def holds_at(self, at_utc: str) -> bool:
        """Whether the time lies within; False for a time that is not said."""
        if not at_utc:
            return False
        return instant(self.begins_utc) <= instant(at_utc) <= instant(self.ends_utc)


def instant(text: str) -> datetime:
    """ISO 8601 to UTC; a time without an offset is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Interim Regulations on Unmanned Aircraft Flight (State Council Order 761), article 27: what an application says.
APPLICATION_ITEMS: tuple[Text, ...] = (
    Text("组织飞行活动的单位或者个人、操控人员信息以及有关资质证书", "organiser and pilot, with their certificates"),
    Text("无人驾驶航空器的类型、数量、主要性能指标和登记管理信息", "type, number, main figures and registration"),
    Text("飞行任务性质和飞行方式，国籍和登记标志", "purpose and way of flying, nationality and registration mark"),
    Text("起飞、降落和备降机场（场地）", "places of take-off, landing and alternates"),
    Text("通信联络方法", "means of communication"),
    Text("预计飞行开始、结束时刻", "expected beginning and end"),
    Text("飞行航线、高度、速度和空域范围，进出空域方法", "route, heights, speed, airspace, ways in and out"),
    Text("指挥控制链路无线电频率以及占用带宽", "radio frequency and bandwidth of the control link"),
    Text("通信、导航和被监视能力", "communication, navigation and surveillance capability"),
    Text("安装二次雷达应答机或者有关自动监视设备的，应当注明代码申请", "transponder or surveillance code, if fitted"),
    Text("应急处置程序", "emergency procedures"),
    Text("特殊飞行保障需求", "special support needed"),
    Text("国家空中交通管理领导机构规定的与空域使用和飞行安全有关的其他必要信息", "other information that is required"),
)
