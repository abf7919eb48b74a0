"""The words of the preflight: its items and the reason of each state."""

from dronesampler.texts import Text

TITLES = {
    "link": Text("链路", "link"),
    "gnss": Text("卫星定位", "satellite positioning"),
    "estimator": Text("位置估计", "position estimate"),
    "autopilot": Text("飞控自检", "autopilot's own checks"),
    "home": Text("返航点与计划", "home against plan"),
    "plan": Text("机上航线", "plan on board"),
    "fence": Text("围栏", "fence"),
    "battery": Text("电量", "battery"),
    "clock": Text("时钟", "clock"),
    "storage": Text("存储空间", "storage"),
    "sampler": Text("采样仪零点与量程", "sampler zero and span"),
    "airspace": Text("空域批准", "airspace approval"),
    "link-loss": Text("断链后的行为", "behaviour on link loss"),
    "return-height": Text("返航高度与障碍物", "return height over obstacles"),
}
HAND = {
    "propellers": Text("桨叶、机臂完好并锁紧", "propellers and arms sound and locked"),
    "payload": Text("采样仪与进气管固定牢靠", "sampler and inlet line fastened"),
    "people": Text("起降区无人员车辆", "no people or vehicles where it takes off and lands"),
    "pilot": Text("飞手可随时接管", "the pilot can take over at any time"),
}
NOT_TOLD = Text("飞控尚未报告", "the vehicle has not told it")
OLD = Text("数据已 {age:.0f} 秒未更新", "the figure is {age:.0f} s old")
NO_LINK = Text("没有心跳", "no heartbeat")
OK = Text("正常", "good")
FIX = Text("定位类型 {fix}，{satellites} 颗卫星，HDOP {hdop}", "fix type {fix}, {satellites} satellites, HDOP {hdop}")
ESTIMATOR_BAD = Text("估计器标志 {flags:#x}，位置不可用", "estimator flags {flags:#x}: the position is not usable")
NOT_READY = Text("飞控尚不能解锁{sensors}{words}", "the autopilot would not arm{sensors}{words}")
HOME_FAR = Text("返航点距计划 {off:.0f} m", "home is {off:.0f} m from where the plan has it")
HOME_NEAR = Text("相距 {off:.0f} m", "{off:.0f} m apart")
NO_PLAN = Text("计划未上传或未经回读核对", "no plan was uploaded and read back")
PLAN_ON_BOARD = Text("{items} 项，已回读核对", "{items} items, read back and equal")
OTHER_COUNT = Text("机上有 {got} 项，计划有 {sent} 项", "{got} items on board, {sent} in the plan")
FENCE_NONE = Text("计划没有围栏", "the plan has no fence")
FENCE_OFF = Text("围栏已上传但未启用", "the fence is on board but not enabled")
FENCE_ON = Text("已上传并启用", "on board and enabled")
FENCE_LOADED = Text("已上传（该飞控上传即生效）", "on board (this autopilot applies it as stored)")
FENCE_MISSING = Text("围栏未上传", "the fence is not on board")
BATTERY_SHORT = Text(
    "剩余 {have:.0f}%，航线需要 {need:.0f}% 加预留 {reserve:.0f}%",
    "{have:.0f} % left, the plan needs {need:.0f} % and {reserve:.0f} % in reserve",
)
CLOCK_OFF = Text("与飞控时间相差 {offset:.1f} 秒", "{offset:.1f} s from the vehicle's time")
STORAGE_LOW = Text("只够 {minutes:.0f} 分钟", "enough for {minutes:.0f} minutes only")
STORAGE_OK = Text("够 {minutes:.0f} 分钟", "enough for {minutes:.0f} minutes")
NEVER_ZEROED = Text("没有零点与量程记录", "no zero and span check on record")
ZERO_OLD = Text("上次零点检查在 {hours:.0f} 小时前", "the last zero check was {hours:.0f} hours ago")
NO_APPROVAL = Text("未填写空域批准编号", "no airspace approval number")
APPROVAL = Text("批准编号 {number}", "approval {number}")
RETURN_LOW = Text(
    "返航高度 {height:.0f} m，不足以高出 {top:.0f} m 的障碍物 {margin:.0f} m",
    "it returns at {height:.0f} m, not {margin:.0f} m above obstacles of {top:.0f} m",
)
RETURN_OK = Text("{height:.0f} m，高出障碍物 {clear:.0f} m", "{height:.0f} m, {clear:.0f} m above obstacles")
NOT_KNOWN = Text("未知", "not known")
TICKED = Text("{who} 于 {when} 确认", "ticked by {who} at {when}")
NOT_TICKED = Text("待人工确认", "to be ticked by a person")
OVERRIDDEN = Text("{who} 以“{why}”放行：{reason}", "overridden by {who} because “{why}”: {reason}")
