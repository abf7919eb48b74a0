"""The words of the report, in both languages."""

from dronesampler.texts import Text

W: dict[str, Text] = {
    "title": Text("无人机挥发性有机物巡查报告", "Drone patrol for volatile organic compounds"),
    "simulated_note": Text(
        "本报告由模拟数据生成，仅供演示，不反映任何真实企业。",
        "Made from simulated data, for demonstration only; it says nothing about any real firm.",
    ),
    "found": Text("发现疑似点位 {count} 处，待现场核实。", "Suspected places: {count}, to be verified on site."),
    "nothing": Text(
        "未发现许可排放口不能解释的高值；哪些地方看不到，见“未能看到的范围”。",
        "Nothing was found that permitted outlets do not explain; see 'What was not seen' for where nothing could be.",
    ),
    "cannot_say": Text("无法判断：{reason}", "Cannot say: {reason}"),
    "lead_note": Text(
        "“疑似”是线索，不是认定：须经两名执法人员现场核实。",
        "'Suspected' is a lead and not a finding: two officers have to verify it on site.",
    ),
    "track": Text("航迹长度", "track flown"),
    "readings": Text("读数", "readings"),
    "maximum": Text("最高读数", "highest reading"),
    "background": Text("背景", "background"),
    "suspected": Text("疑似点位", "suspected places"),
    "agency": Text("执法单位", "Agency"),
    "officers": Text("执法人员", "Officers"),
    "patrol": Text("巡查", "Patrol"),
    "time": Text("时间", "Time"),
    "aircraft": Text("无人机", "Aircraft"),
    "plan": Text("航线", "Plan"),
    "wind": Text("风", "Wind"),
    "instrument": Text("仪器", "Instrument"),
    "grade": Text("读数等级", "Grade of readings"),
    "task": Text("缘由", "Occasion"),
    "factor": Text("时钟倍率", "Clock factor"),
    "certificate": Text("执法证号 {number}", "certificate {number}"),
    "no_plan": Text("未记录", "not recorded"),
    "plan_line": Text("{name} · {pattern} · {places} 个航点", "{name} · {pattern} · {places} waypoints"),
    "no_wind": Text("未记录", "not recorded"),
    "wind_line": Text("{name}风（{deg}°），平均 {speed} m/s", "from {name} ({deg}°), mean {speed} m/s"),
    "delay": Text("进气延迟 {seconds} s", "inlet delay {seconds} s"),
    "noise": Text("噪声 {value} mg/m³", "noise {value} mg/m³"),
    "calibrated": Text("校准：{words}", "calibration: {words}"),
    "not_recorded": Text("未记录", "not recorded"),
    "map_caption": Text(
        "图 1　航迹按浓度着色；红圈为疑似点位，虚线为 95% 范围；蓝方块为许可排放口。示意图，非测绘成果。",
        "Figure 1. The track, coloured by concentration; red rings are suspected places, dashed their 95 % regions; "
        "blue squares are permitted outlets. A sketch, not a survey.",
    ),
    "chart_caption": Text(
        "图 2　浓度随时间变化（仪器原始读数，未作响应滞后修正）。",
        "Figure 2. Concentration over time, as the instrument gave it (not corrected for its lag).",
    ),
    "suspects": Text("疑似点位", "Suspected places"),
    "place": Text("坐标", "Coordinates"),
    "height": Text("离地高度", "Height above ground"),
    "rate": Text("排放速率", "Rate"),
    "evidence": Text("依据强度", "Strength"),
    "transects": Text("（{count} 条航线支持）", " ({count} transects support it)"),
    "region": Text("95% 范围", "95 % region"),
    "ellipse": Text(
        "半轴 {major} m × {minor} m，长轴方位 {azimuth}°", "semi-axes {major} m × {minor} m, major axis at {azimuth}°"
    ),
    "near": Text("最近的许可排放口", "Nearest permitted outlets"),
    "no_outlets": Text("登记册为空", "the register is empty"),
    "unseen": Text("未能看到的范围", "What was not seen"),
    "method": Text("方法与参数", "Method and parameters"),
    "meaning": Text("如何理解本报告", "How to read this report"),
    "meaning1": Text(
        "便携式仪器读数为线索；作为证据须另按现行有效的监测方法标准采样、分析。",
        "Readings of a portable instrument are leads; evidence needs sampling and analysis by a listed method.",
    ),
    "meaning2": Text(
        "疑似点位由读数、风与许可登记推算，可能有误；本报告不认定任何单位违法。",
        "Suspected places are inferred from readings, wind and the register and may be wrong; nobody is held to have "
        "broken the law.",
    ),
    "meaning3": Text(
        "适用的法律条款由执法人员依行为时有效的法律认定。",
        "Which law applies is for the officers to say, by the law in force at the time of the act.",
    ),
    "files": Text("文件清单", "Files"),
    "files_note": Text(
        "证据包中各文件的 SHA-256。核验方法见包内“00_核验说明.txt”。",
        "SHA-256 of the files in the packet; 00_核验说明.txt in it says how to check them.",
    ),
    "no": Text("序", "No."),
    "name": Text("文件名", "Name"),
    "bytes": Text("字节", "Bytes"),
    "sha256": Text("SHA-256", "SHA-256"),
    "anchor": Text("日志锚点", "Journal anchor"),
    "anchor_note": Text(
        "日志条数与末条摘要。写入当事人签字的笔录，即可证明此前的日志未被改写。",
        "Count and last digest of the journal: copied into a record that the other side signs, it shows that the "
        "journal before it was not rewritten.",
    ),
    "signatures": Text("签名", "Signatures"),
    "signature": Text("签名", "signature"),
    "date": Text("日期", "date"),
    "page_of": Text("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
}

_COMPASS = (
    *(Text("北", "N"), Text("东北偏北", "NNE"), Text("东北", "NE"), Text("东北偏东", "ENE")),
    *(Text("东", "E"), Text("东南偏东", "ESE"), Text("东南", "SE"), Text("东南偏南", "SSE")),
    *(Text("南", "S"), Text("西南偏南", "SSW"), Text("西南", "SW"), Text("西南偏西", "WSW")),
    *(Text("西", "W"), Text("西北偏西", "WNW"), Text("西北", "NW"), Text("西北偏北", "NNW")),
)


def compass(direction_deg: float) -> Text:
    """One of sixteen names for a direction."""
    return _COMPASS[round(direction_deg % 360.0 / 22.5) % 16]
