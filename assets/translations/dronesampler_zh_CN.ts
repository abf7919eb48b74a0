<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AlarmBanner</name>
    <message>
        <source>Seen (A)</source>
        <translation>已知悉 (A)</translation>
    </message>
    <message>
        <source>Acknowledge the alarms</source>
        <translation>确认报警</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>声音开</translation>
    </message>
    <message>
        <source>Mute the alarms</source>
        <translation>报警静音</translation>
    </message>
    <message>
        <source>{word}: {sentence}</source>
        <translation>{word}：{sentence}</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>另有 {n} 项</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>已知悉</translation>
    </message>
    <message>
        <source>NOTE</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>WARNING</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>DANGER</source>
        <translation>危险</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>自 {time}</translation>
    </message>
    <message>
        <source>over, not yet seen by anybody</source>
        <translation>已结束，尚无人确认</translation>
    </message>
    <message>
        <source>Sound OFF</source>
        <translation>已静音</translation>
    </message>
</context>
<context>
    <name>Alarms</name>
    <message>
        <source>The alarms are silent until you switch the sound on, or until the next start.</source>
        <translation>报警已静音，直到重新打开声音或下次启动。</translation>
    </message>
</context>
<context>
    <name>Alerts</name>
    <message>
        <source>Aircraft {name}: {distance} away</source>
        <translation>航空器 {name}：相距 {distance}</translation>
    </message>
    <message>
        <source>, {closest} in {s:.0f} s</source>
        <translation>，{s:.0f} 秒后最近 {closest}</translation>
    </message>
    <message>
        <source>, height not known</source>
        <translation>，高度未知</translation>
    </message>
    <message>
        <source>, {m:.0f} m higher</source>
        <translation>，高出 {m:.0f} m</translation>
    </message>
    <message>
        <source>, {m:.0f} m lower</source>
        <translation>，低 {m:.0f} m</translation>
    </message>
</context>
<context>
    <name>Attitude</name>
    <message>
        <source>Attitude</source>
        <translation>姿态</translation>
    </message>
</context>
<context>
    <name>Bar</name>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Search actions</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>Search actions (Ctrl+K)</source>
        <translation>查找操作（Ctrl+K）</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Sunlight</source>
        <translation>强光</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Size (at the next start)</source>
        <translation>大小（下次启动生效）</translation>
    </message>
</context>
<context>
    <name>Basemaps</name>
    <message>
        <source>Open a base map</source>
        <translation>打开底图</translation>
    </message>
    <message>
        <source>Open a folder of map tiles (zoom/column/row.png)</source>
        <translation>打开瓦片文件夹（缩放级/列/行.png）</translation>
    </message>
    <message>
        <source>Map: open a base map file</source>
        <translation>地图：打开底图文件</translation>
    </message>
    <message>
        <source>Map: open a folder of map tiles</source>
        <translation>地图：打开瓦片文件夹</translation>
    </message>
    <message>
        <source>Map: no base map</source>
        <translation>地图：不显示底图</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>CaseFoot</name>
    <message>
        <source>What a packet would lack</source>
        <translation>证据包还缺什么</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>案情</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样品</translation>
    </message>
    <message>
        <source>Custody</source>
        <translation>交接</translation>
    </message>
    <message>
        <source>Before sealing</source>
        <translation>封存前</translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>没有缺项。</translation>
    </message>
</context>
<context>
    <name>Cases</name>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>No case yet. Accept a suspected place in Review and it appears here.</source>
        <translation>还没有案件。在“复核”中采纳一处疑似点后会出现在这里。</translation>
    </message>
    <message>
        <source>Verify a packet…</source>
        <translation>核验证据包…</translation>
    </message>
    <message>
        <source>Custody</source>
        <translation>交接</translation>
    </message>
    <message>
        <source>Cases: verify a packet</source>
        <translation>案件：核验证据包</translation>
    </message>
    <message>
        <source>Cases: build a packet of the chosen case</source>
        <translation>案件：为所选案件制作证据包</translation>
    </message>
    <message>
        <source>Cases: fetch time stamps</source>
        <translation>案件：取时间戳</translation>
    </message>
    <message>
        <source>Cases: the case</source>
        <translation>案件：案情</translation>
    </message>
    <message>
        <source>Cases: samples</source>
        <translation>案件：样品</translation>
    </message>
    <message>
        <source>Cases: custody</source>
        <translation>案件：交接</translation>
    </message>
    <message>
        <source>Cases: what is missing before sealing</source>
        <translation>案件：封存前还缺什么</translation>
    </message>
    <message>
        <source>Cases: new sample</source>
        <translation>案件：新样品</translation>
    </message>
    <message>
        <source>Cases: hand the sample over</source>
        <translation>案件：交接样品</translation>
    </message>
    <message>
        <source>Drop a packet on the window to verify it.</source>
        <translation>把证据包拖到窗口上即可核验。</translation>
    </message>
    <message>
        <source>Reading cases</source>
        <translation>正在读取案件</translation>
    </message>
    <message>
        <source>Reading the park</source>
        <translation>正在读取园区</translation>
    </message>
    <message>
        <source>Reading samples</source>
        <translation>正在读取样品</translation>
    </message>
    <message>
        <source>Sample {number}: {clock}</source>
        <translation>样品 {number}：{clock}</translation>
    </message>
    <message>
        <source>Keeping the entry</source>
        <translation>正在记录</translation>
    </message>
    <message>
        <source>Entered: {sample}</source>
        <translation>已记录：{sample}</translation>
    </message>
    <message>
        <source>Keeping the story</source>
        <translation>正在保存案情</translation>
    </message>
    <message>
        <source>Labels to print</source>
        <translation>打印标签</translation>
    </message>
    <message>
        <source>Sheet of labels (*.pdf)</source>
        <translation>标签页 (*.pdf)</translation>
    </message>
    <message>
        <source>Drawing labels</source>
        <translation>正在制作标签</translation>
    </message>
    <message>
        <source>Labels written: {file}</source>
        <translation>标签已写入：{file}</translation>
    </message>
    <message>
        <source>Building the packet</source>
        <translation>正在制作证据包</translation>
    </message>
    <message>
        <source>Packet written: {file}</source>
        <translation>证据包已写入：{file}</translation>
    </message>
    <message>
        <source>Verify a packet</source>
        <translation>核验证据包</translation>
    </message>
    <message>
        <source>Evidence packets (*.zip)</source>
        <translation>证据包 (*.zip)</translation>
    </message>
    <message>
        <source>Verifying the packet</source>
        <translation>正在核验证据包</translation>
    </message>
</context>
<context>
    <name>CheckCard</name>
    <message>
        <source>Which instrument and quantity</source>
        <translation>仪器与组分</translation>
    </message>
    <message>
        <source>Which gas</source>
        <translation>所用气体</translation>
    </message>
    <message>
        <source>Zero gas</source>
        <translation>零气</translation>
    </message>
    <message>
        <source>Span gas</source>
        <translation>标气</translation>
    </message>
    <message>
        <source>Certified concentration in mg/m³</source>
        <translation>标称浓度，mg/m³</translation>
    </message>
    <message>
        <source>Cylinder and certificate</source>
        <translation>气瓶与证书编号</translation>
    </message>
    <message>
        <source>Who makes the check (goes on record)</source>
        <translation>检查人（记入档案）</translation>
    </message>
    <message>
        <source>Who makes the check</source>
        <translation>检查人</translation>
    </message>
    <message>
        <source>The gas is on: begin</source>
        <translation>气已接通：开始</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>检查进度</translation>
    </message>
    <message>
        <source>Stop the check</source>
        <translation>中止检查</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Zero and span check</source>
        <translation>零点与量程检查</translation>
    </message>
    <message>
        <source>Leave the gas on: {s:.0f} s to go, now {value}</source>
        <translation>保持通气：还需 {s:.0f} 秒，当前 {value}</translation>
    </message>
    <message>
        <source>No instrument is heard yet.</source>
        <translation>尚未收到任何仪器的读数。</translation>
    </message>
    <message>
        <source>Put the span gas on the inlet, wait until the value stands, then begin.</source>
        <translation>将标气接到进气口，待示值稳定后开始。</translation>
    </message>
    <message>
        <source>Put zero gas on the inlet, wait until the value stands, then begin.</source>
        <translation>将零气接到进气口，待示值稳定后开始。</translation>
    </message>
</context>
<context>
    <name>Checklist</name>
    <message>
        <source>Checks before take-off</source>
        <translation>起飞前检查</translation>
    </message>
    <message>
        <source>Who checks (goes on record)</source>
        <translation>检查人（记入档案）</translation>
    </message>
    <message>
        <source>Who checks</source>
        <translation>检查人</translation>
    </message>
    <message>
        <source>{n} of {all} items still stand against take-off</source>
        <translation>{all} 项中还有 {n} 项未通过</translation>
    </message>
    <message>
        <source>All {all} items pass: arming is open</source>
        <translation>{all} 项全部通过，可以解锁</translation>
    </message>
    <message>
        <source>Hide the {n} that pass</source>
        <translation>收起已通过的 {n} 项</translation>
    </message>
    <message>
        <source>Show the {n} that pass</source>
        <translation>显示已通过的 {n} 项</translation>
    </message>
</context>
<context>
    <name>CompareWindow</name>
    <message>
        <source>Before and after</source>
        <translation>整改前后对比</translation>
    </message>
    <message>
        <source>Earlier patrol</source>
        <translation>较早的巡查</translation>
    </message>
    <message>
        <source>Later patrol</source>
        <translation>较晚的巡查</translation>
    </message>
    <message>
        <source>Map of the earlier patrol</source>
        <translation>较早巡查的地图</translation>
    </message>
    <message>
        <source>Map of the later patrol</source>
        <translation>较晚巡查的地图</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Save table…</source>
        <translation>保存表格…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>对比图</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Before, g/s (95 %)</source>
        <translation>之前 g/s（95%）</translation>
    </message>
    <message>
        <source>After, g/s (95 %)</source>
        <translation>之后 g/s（95%）</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Explanation</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>What became of each suspected place</source>
        <translation>各疑似点的变化</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>time unknown</source>
        <translation>时间未知</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Save table</source>
        <translation>保存表格</translation>
    </message>
</context>
<context>
    <name>Comparing</name>
    <message>
        <source>Comparing two patrols</source>
        <translation>正在比较两次巡查</translation>
    </message>
</context>
<context>
    <name>Curtain</name>
    <message>
        <source>Readings by distance and height</source>
        <translation>按距离和高度显示的读数</translation>
    </message>
    <message>
        <source>Distance, m</source>
        <translation>距离 m</translation>
    </message>
    <message>
        <source>Height, m</source>
        <translation>高度 m</translation>
    </message>
    <message>
        <source>{value:.2f} mg/m³ at {height:.0f} m, {along:.0f} m along, {time}</source>
        <translation>{value:.2f} mg/m³，离地 {height:.0f} m，距起点 {along:.0f} m，{time}</translation>
    </message>
</context>
<context>
    <name>CustodyPicture</name>
    <message>
        <source>Custody from hand to hand</source>
        <translation>逐手交接</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>No sample yet</source>
        <translation>还没有样品</translation>
    </message>
    <message>
        <source>limit {when} →</source>
        <translation>时限 {when} →</translation>
    </message>
</context>
<context>
    <name>EntryForm</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>{view} as a file…</source>
        <translation>将{view}存为文件…</translation>
    </message>
    <message>
        <source>Print: {view}…</source>
        <translation>打印{view}…</translation>
    </message>
    <message>
        <source>Export this view</source>
        <translation>导出当前视图</translation>
    </message>
    <message>
        <source>Not written: {why}</source>
        <translation>未写入：{why}</translation>
    </message>
    <message>
        <source>Written: {file}</source>
        <translation>已写入：{file}</translation>
    </message>
    <message>
        <source>Not printed: {why}</source>
        <translation>未打印：{why}</translation>
    </message>
</context>
<context>
    <name>FilesDesk</name>
    <message>
        <source>Open a park file</source>
        <translation>打开园区文件</translation>
    </message>
    <message>
        <source>Reading the park</source>
        <translation>正在读取园区</translation>
    </message>
    <message>
        <source>Reading {file}</source>
        <translation>正在读取 {file}</translation>
    </message>
    <message>
        <source>Open terrain files</source>
        <translation>打开地形文件</translation>
    </message>
    <message>
        <source>Heights of the ground from {files}</source>
        <translation>地面高程取自 {files}</translation>
    </message>
    <message>
        <source>Reading terrain</source>
        <translation>正在读取地形</translation>
    </message>
    <message>
        <source>Choose the aircraft&apos;s file</source>
        <translation>选择机型文件</translation>
    </message>
    <message>
        <source>Planned for {name}: hover {watts:.0f} W, battery {wh:.0f} Wh</source>
        <translation>按机型 {name} 规划：悬停 {watts:.0f} W，电池 {wh:.0f} Wh</translation>
    </message>
    <message>
        <source>Reading the aircraft</source>
        <translation>正在读取机型</translation>
    </message>
    <message>
        <source>Save the mission</source>
        <translation>保存任务</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Written: {file}</source>
        <translation>已写入：{file}</translation>
    </message>
</context>
<context>
    <name>FillCard</name>
    <message>
        <source>Fill vessels by itself…</source>
        <translation>自动采样…</translation>
    </message>
    <message>
        <source>Vessels in order, e.g. BAG-1, BAG-2</source>
        <translation>按次序填写容器，如 BAG-1、BAG-2</translation>
    </message>
    <message>
        <source>Vessels to fill, in order</source>
        <translation>依次采样的容器</translation>
    </message>
    <message>
        <source>Seconds to fill each vessel</source>
        <translation>每个容器的充气秒数</translation>
    </message>
    <message>
        <source>Output of the valve</source>
        <translation>阀门所接的输出</translation>
    </message>
    <message>
        <source>What will open, and when</source>
        <translation>何时打开什么</translation>
    </message>
    <message>
        <source>Filling by itself</source>
        <translation>自动采样</translation>
    </message>
    <message>
        <source>Arm the filling</source>
        <translation>启用自动采样</translation>
    </message>
    <message>
        <source>Call it off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>s each</source>
        <translation>秒/个</translation>
    </message>
    <message>
        <source>Armed: {what}</source>
        <translation>已启用：{what}</translation>
    </message>
    <message>
        <source>Called off: no further vessel is filled.</source>
        <translation>已停用：不再给其余容器充气。</translation>
    </message>
    <message>
        <source>No answer: nothing has changed.</source>
        <translation>没有答复：状态未变。</translation>
    </message>
    <message>
        <source>Armed on the ground only, before the motors are.</source>
        <translation>只能在地面、电机解锁之前启用。</translation>
    </message>
    <message>
        <source>The valve opens in the air, just past the top of each plume, for one vessel at a time.</source>
        <translation>飞行中每越过一个烟羽的峰值，阀门打开一次，每次采一个容器。</translation>
    </message>
    <message>
        <source>{output} opens for {s:.0f} s just past the top of a plume, in the air: {vessels}, one each</source>
        <translation>飞行中越过烟羽峰值时，{output} 打开 {s:.0f} 秒，每次采一个：{vessels}</translation>
    </message>
</context>
<context>
    <name>FlagCard</name>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>排放速率</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>观测</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>不确定度</translation>
    </message>
    <message>
        <source>Nearest outlet</source>
        <translation>最近排口</translation>
    </message>
    <message>
        <source>Reason, in one sentence</source>
        <translation>用一句话写明理由</translation>
    </message>
    <message>
        <source>Reason for the decision</source>
        <translation>处理理由</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>采纳</translation>
    </message>
    <message>
        <source>Make a case of this place: it stays suspected until two officers verified it</source>
        <translation>立为案件：两名执法人员现场核实之前仍为疑似</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Suspected place S{n}</source>
        <translation>疑似点 S{n}</translation>
    </message>
    <message>
        <source>on {n} transects</source>
        <translation>{n} 条测线上可见</translation>
    </message>
    <message>
        <source>95 % within {a:.0f} × {b:.0f} m</source>
        <translation>95 % 范围 {a:.0f} × {b:.0f} m</translation>
    </message>
    <message>
        <source>{h:.0f} m above ground</source>
        <translation>离地 {h:.0f} m</translation>
    </message>
    <message>
        <source>Not decided yet</source>
        <translation>尚未处理</translation>
    </message>
    <message>
        <source>Accepted: it is a case now</source>
        <translation>已采纳，已立为案件</translation>
    </message>
    <message>
        <source>Dismissed</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>Please write the reason first: it goes into the journal.</source>
        <translation>请先写明理由，理由会记入日志。</translation>
    </message>
</context>
<context>
    <name>FlagPanel</name>
    <message>
        <source>Suspected places</source>
        <translation>疑似点</translation>
    </message>
    <message>
        <source>Explained by permitted outlets: {outlets}</source>
        <translation>由许可排口解释：{outlets}</translation>
    </message>
    <message>
        <source>Nothing that the permitted outlets do not explain</source>
        <translation>没有许可排口无法解释的读数</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>未处理</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已采纳</translation>
    </message>
    <message>
        <source>dismissed</source>
        <translation>已排除</translation>
    </message>
</context>
<context>
    <name>FlightButtons</name>
    <message>
        <source>Upload</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>Arm</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>起飞执行</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Hold position and height now (P)</source>
        <translation>立即保持位置和高度（P）</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>返航</translation>
    </message>
    <message>
        <source>Land</source>
        <translation>降落</translation>
    </message>
    <message>
        <source>Mark sighting</source>
        <translation>标记发现</translation>
    </message>
    <message>
        <source>Keep this moment and place in the journal (K)</source>
        <translation>把此刻此地记入日志（K）</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>更多…</translation>
    </message>
    <message>
        <source>Height, speed, camera and sampler (Ctrl+E)</source>
        <translation>高度、速度、相机和采样仪 (Ctrl+E)</translation>
    </message>
</context>
<context>
    <name>Fly</name>
    <message>
        <source>No plan taken yet: make one in Plan and take it to Fly.</source>
        <translation>尚未取用航线：请在“规划”中制定并交给飞行。</translation>
    </message>
    <message>
        <source>Plan: {name}, {n} items</source>
        <translation>航线：{name}，{n} 项</translation>
    </message>
    <message>
        <source>Looking for a running session</source>
        <translation>正在查找运行中的会话</translation>
    </message>
    <message>
        <source>Starting the simulator</source>
        <translation>正在启动模拟器</translation>
    </message>
    <message>
        <source>Starting the session</source>
        <translation>正在启动会话</translation>
    </message>
    <message>
        <source>The session ended by an error of this program; what it recorded is safe (see the log).</source>
        <translation>会话因本程序出错而结束；已记录的内容安全（见日志）。</translation>
    </message>
    <message>
        <source>Next look</source>
        <translation>下一步复查</translation>
    </message>
    <message>
        <source>The session does not answer any more. What it recorded is safe.</source>
        <translation>会话不再应答。已记录的数据完好。</translation>
    </message>
    <message>
        <source>Closing the session</source>
        <translation>正在结束会话</translation>
    </message>
    <message>
        <source>The height is not known, or it is at its bound</source>
        <translation>高度未知，或已到限值</translation>
    </message>
    <message>
        <source>Working out what the plan takes</source>
        <translation>正在计算航线耗电</translation>
    </message>
    <message>
        <source>The map follows the vehicle</source>
        <translation>地图跟随无人机</translation>
    </message>
    <message>
        <source>The map stays</source>
        <translation>地图不再跟随</translation>
    </message>
</context>
<context>
    <name>FlyFoot</name>
    <message>
        <source>Readings appear here while flying</source>
        <translation>飞行时读数显示在这里</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>读数</translation>
    </message>
</context>
<context>
    <name>FlyKeys</name>
    <message>
        <source>Fly: to the button “{name}” (then hold the space bar)</source>
        <translation>飞行：转到“{name}”按钮（再按住空格键）</translation>
    </message>
    <message>
        <source>Fly: pause now</source>
        <translation>飞行：立即暂停</translation>
    </message>
    <message>
        <source>Fly: mark a sighting</source>
        <translation>飞行：标记发现</translation>
    </message>
    <message>
        <source>Fly: alarms seen</source>
        <translation>飞行：确认报警</translation>
    </message>
    <message>
        <source>Fly: mute or sound the alarms</source>
        <translation>飞行：报警静音或出声</translation>
    </message>
    <message>
        <source>Fly: voice note</source>
        <translation>飞行：语音备注</translation>
    </message>
    <message>
        <source>Fly: photograph</source>
        <translation>飞行：拍照</translation>
    </message>
    <message>
        <source>Fly: pump on</source>
        <translation>飞行：开泵</translation>
    </message>
    <message>
        <source>Fly: pump off</source>
        <translation>飞行：关泵</translation>
    </message>
    <message>
        <source>Fly: stop the upload</source>
        <translation>飞行：停止上传</translation>
    </message>
    <message>
        <source>Fly: zero and span check</source>
        <translation>飞行：零点与量程检查</translation>
    </message>
    <message>
        <source>Fly: more commands</source>
        <translation>飞行：更多指令</translation>
    </message>
    <message>
        <source>Fly: follow the vehicle</source>
        <translation>飞行：地图跟随无人机</translation>
    </message>
    <message>
        <source>Fly: fly the simulator</source>
        <translation>飞行：用模拟器飞行</translation>
    </message>
</context>
<context>
    <name>FlyPanel</name>
    <message>
        <source>Doing</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Battery</source>
        <translation>电池</translation>
    </message>
    <message>
        <source>Wind</source>
        <translation>风</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>定位</translation>
    </message>
    <message>
        <source>Mission</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Other aircraft</source>
        <translation>其他航空器</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接状态</translation>
    </message>
    <message>
        <source>Fly the simulator</source>
        <translation>用模拟器飞行</translation>
    </message>
    <message>
        <source>How much faster than the wall clock</source>
        <translation>比实际时间快多少倍</translation>
    </message>
    <message>
        <source>Link to the vehicle</source>
        <translation>无人机链路</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>End the session</source>
        <translation>结束会话</translation>
    </message>
    <message>
        <source>Before take-off</source>
        <translation>起飞前检查</translation>
    </message>
    <message>
        <source>{height} above home</source>
        <translation>距起飞点 {height}</translation>
    </message>
    <message>
        <source>none on board</source>
        <translation>机上无任务</translation>
    </message>
    <message>
        <source>{n} items on board</source>
        <translation>机上 {n} 项</translation>
    </message>
    <message>
        <source>item {i} of {n}</source>
        <translation>第 {i} 项，共 {n} 项</translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message>
        <source>Over time</source>
        <translation>随时间</translation>
    </message>
    <message>
        <source>Curtain</source>
        <translation>剖面</translation>
    </message>
    <message>
        <source>Which way the curtain goes</source>
        <translation>剖面的走向</translation>
    </message>
    <message>
        <source>Along the track</source>
        <translation>沿航迹</translation>
    </message>
    <message>
        <source>Downwind of S{n}</source>
        <translation>S{n} 的下风向</translation>
    </message>
    <message>
        <source>Along the measured line</source>
        <translation>沿测量线</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
</context>
<context>
    <name>HandedForm</name>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>交接</translation>
    </message>
    <message>
        <source>Received by</source>
        <translation>接收人</translation>
    </message>
    <message>
        <source>Received at</source>
        <translation>接收时间</translation>
    </message>
    <message>
        <source>Given away at (if earlier)</source>
        <translation>交出时间（如更早）</translation>
    </message>
    <message>
        <source>Kept from then on</source>
        <translation>此后保管方式</translation>
    </message>
    <message>
        <source>Given by</source>
        <translation>交出人</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Seal as read</source>
        <translation>所见封签号</translation>
    </message>
    <message>
        <source>Seal intact?</source>
        <translation>封签完整？</translation>
    </message>
    <message>
        <source>Temperature, °C</source>
        <translation>温度，℃</translation>
    </message>
    <message>
        <source>Witness</source>
        <translation>见证人</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>HeatBar</name>
    <message>
        <source>Moment of the patrol</source>
        <translation>巡查时刻</translation>
    </message>
</context>
<context>
    <name>HeightProfile</name>
    <message>
        <source>Height over the way</source>
        <translation>沿程高度</translation>
    </message>
    <message>
        <source>Height above home, m</source>
        <translation>距起飞点高度，m</translation>
    </message>
</context>
<context>
    <name>HoldButton</name>
    <message>
        <source>Hold for 0.8 seconds</source>
        <translation>按住 0.8 秒</translation>
    </message>
    <message>
        <source>Hold for 0.8 seconds, with the mouse or with the space bar</source>
        <translation>用鼠标或空格键按住 0.8 秒</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Colour scale</source>
        <translation>色标</translation>
    </message>
    <message>
        <source>Drag the two grips, or use the arrow keys: left and right move the upper end, with Shift the lower.</source>
        <translation>拖动两个滑块，或用方向键：左右键移动上限，按住 Shift 移动下限。</translation>
    </message>
</context>
<context>
    <name>Looking</name>
    <message>
        <source>Reading photographs</source>
        <translation>正在读取照片</translation>
    </message>
    <message>
        <source>Reading the photograph</source>
        <translation>正在读取照片</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Plan</source>
        <translation>规划</translation>
    </message>
    <message>
        <source>Fly</source>
        <translation>飞行</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复核</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>Go to {workspace}</source>
        <translation>转到{workspace}</translation>
    </message>
    <message>
        <source>Search actions</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>Map: show everything</source>
        <translation>地图：显示全部</translation>
    </message>
    <message>
        <source>Map: measure distances</source>
        <translation>地图：测量距离</translation>
    </message>
    <message>
        <source>Map: go to the map</source>
        <translation>地图：转到地图</translation>
    </message>
    <message>
        <source>Look: light</source>
        <translation>外观：浅色</translation>
    </message>
    <message>
        <source>Look: dark</source>
        <translation>外观：深色</translation>
    </message>
    <message>
        <source>Look: sunlight</source>
        <translation>外观：强光</translation>
    </message>
    <message>
        <source>Dismiss all messages</source>
        <translation>关闭所有消息</translation>
    </message>
    <message>
        <source>Alarms seen</source>
        <translation>确认报警</translation>
    </message>
    <message>
        <source>Help: write a diagnostics bundle</source>
        <translation>帮助：生成诊断包</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>The new size is used at the next start.</source>
        <translation>新的大小在下次启动时生效。</translation>
    </message>
    <message>
        <source>Writing the diagnostics bundle</source>
        <translation>正在生成诊断包</translation>
    </message>
    <message>
        <source>Written without names or places: {file}</source>
        <translation>已写入（不含姓名和地点）：{file}</translation>
    </message>
    <message>
        <source>The last window ended unexpectedly. Everything recorded is on file; the log has the details.</source>
        <translation>上次窗口意外结束。已记录的数据都已入库，详情见日志。</translation>
    </message>
    <message>
        <source>The patrol is on file: see it in Review (Ctrl+3)</source>
        <translation>巡查已入库：可在“复核”中查看（Ctrl+3）</translation>
    </message>
    <message>
        <source>Nothing can be done with {file} here.</source>
        <translation>此处无法处理文件 {file}。</translation>
    </message>
</context>
<context>
    <name>MapMenu</name>
    <message>
        <source>Look here</source>
        <translation>看向此处</translation>
    </message>
    <message>
        <source>Fly here at {h:.0f} m</source>
        <translation>飞到此处，高度 {h:.0f} m</translation>
    </message>
    <message>
        <source>Orbit here at {h:.0f} m, {r:.0f} m around</source>
        <translation>在此绕飞，高 {h:.0f} m，半径 {r:.0f} m</translation>
    </message>
    <message>
        <source>Edit the whole route</source>
        <translation>编辑整条航线</translation>
    </message>
    <message>
        <source>Resume from here</source>
        <translation>从这里续飞</translation>
    </message>
    <message>
        <source>Insert a waypoint here</source>
        <translation>在这里插入航点</translation>
    </message>
    <message>
        <source>Home here</source>
        <translation>起飞点设在这里</translation>
    </message>
    <message>
        <source>Rally point here</source>
        <translation>在这里设集结点</translation>
    </message>
    <message>
        <source>Keep out of here (round fence zone)</source>
        <translation>这里禁入（圆形围栏）</translation>
    </message>
    <message>
        <source>Delete this rally point</source>
        <translation>删除这个集结点</translation>
    </message>
    <message>
        <source>Delete this corner of the fence</source>
        <translation>删除围栏的这个顶点</translation>
    </message>
    <message>
        <source>Delete this zone of the fence</source>
        <translation>删除这个围栏区</translation>
    </message>
    <message>
        <source>Insert a corner of the fence here</source>
        <translation>在这里插入围栏顶点</translation>
    </message>
    <message>
        <source>The route goes on at item {place}; the {m:.0f} m before it are flown again. Undo brings it back.</source>
        <translation>航线从第 {place} 项续飞，之前的 {m:.0f} m 重飞一次。撤销可恢复原航线。</translation>
    </message>
</context>
<context>
    <name>MapPane</name>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Show everything (F)</source>
        <translation>显示全部（F）</translation>
    </message>
    <message>
        <source>Measure distances (M)</source>
        <translation>测量距离（M）</translation>
    </message>
    <message>
        <source>Choose layers (L)</source>
        <translation>选择图层（L）</translation>
    </message>
    <message>
        <source>Base map</source>
        <translation>底图</translation>
    </message>
    <message>
        <source>Park and buildings</source>
        <translation>园区与建筑</translation>
    </message>
    <message>
        <source>Permitted outlets</source>
        <translation>许可排口</translation>
    </message>
    <message>
        <source>Controlled airspace</source>
        <translation>管制空域</translation>
    </message>
    <message>
        <source>What the route would see</source>
        <translation>航线可探测范围</translation>
    </message>
    <message>
        <source>Isolines, within {reach:.0f} m of the track</source>
        <translation>等值线（航迹 {reach:.0f} m 以内）</translation>
    </message>
    <message>
        <source>Readings</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>Track</source>
        <translation>航迹</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>航线</translation>
    </message>
    <message>
        <source>Plan the vehicle holds</source>
        <translation>机上任务</translation>
    </message>
    <message>
        <source>Suspected places</source>
        <translation>疑似点</translation>
    </message>
    <message>
        <source>Worth another look</source>
        <translation>值得再看</translation>
    </message>
    <message>
        <source>Vehicle</source>
        <translation>无人机</translation>
    </message>
    <message>
        <source>Sightings</source>
        <translation>现场发现</translation>
    </message>
    <message>
        <source>Lines that speak for the chosen place</source>
        <translation>支持所选疑似点的航线</translation>
    </message>
    <message>
        <source>Proposed next look</source>
        <translation>建议的复查航线</translation>
    </message>
    <message>
        <source>Other aircraft</source>
        <translation>其他航空器</translation>
    </message>
    <message>
        <source>Length {length}</source>
        <translation>长度 {length}</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Arrow keys move the map, plus and minus zoom, F shows everything, M measures. In Plan, Page Up and Page Down choose waypoints, Ctrl with arrow keys moves them, I inserts one, Delete removes them.</source>
        <translation>方向键移动地图，加减号缩放，F 显示全部，M 测距。在规划中，Page Up、Page Down 选择航点，Ctrl 加方向键移动航点，I 插入，Delete 删除。</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>{speed:.1f} m/s from {deg:.0f}°</source>
        <translation>{deg:.0f}° 来风 {speed:.1f} m/s</translation>
    </message>
</context>
<context>
    <name>MoreButtons</name>
    <message>
        <source>+5 m</source>
        <translation>+5 m</translation>
    </message>
    <message>
        <source>5 m higher</source>
        <translation>升高 5 m</translation>
    </message>
    <message>
        <source>−5 m</source>
        <translation>−5 m</translation>
    </message>
    <message>
        <source>5 m lower</source>
        <translation>降低 5 m</translation>
    </message>
    <message>
        <source>Speed in m/s</source>
        <translation>速度，m/s</translation>
    </message>
    <message>
        <source>Set m/s</source>
        <translation>设定 m/s</translation>
    </message>
    <message>
        <source>Same way back</source>
        <translation>原路返回</translation>
    </message>
    <message>
        <source>Photograph</source>
        <translation>拍照</translation>
    </message>
    <message>
        <source>Output of the pump or valve</source>
        <translation>泵或阀的输出</translation>
    </message>
    <message>
        <source>Pump on</source>
        <translation>开泵</translation>
    </message>
    <message>
        <source>Pump off</source>
        <translation>关泵</translation>
    </message>
</context>
<context>
    <name>MotorStop</name>
    <message>
        <source>Stop motors…</source>
        <translation>停转电机…</translation>
    </message>
    <message>
        <source>The aircraft falls. Only on the ground, or as the last resort.</source>
        <translation>无人机会坠落。仅限在地面上，或万不得已时使用。</translation>
    </message>
    <message>
        <source>Hold: stop motors, it falls</source>
        <translation>按住：停转电机，会坠落</translation>
    </message>
</context>
<context>
    <name>NextLook</name>
    <message>
        <source>Plan the next look</source>
        <translation>规划下一步复查</translation>
    </message>
    <message>
        <source>A plan of the lines that shrink the doubt most for their flight</source>
        <translation>生成一条航线，飞最能消除疑问的几段</translation>
    </message>
    <message>
        <source>Find the sources of this patrol first.</source>
        <translation>请先对本次巡查查找来源。</translation>
    </message>
    <message>
        <source>Planning where to look next</source>
        <translation>正在规划下一步复查</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>OutputChoice</name>
    <message>
        <source>Actuator {n}</source>
        <translation>执行器 {n}</translation>
    </message>
    <message>
        <source>Servo {n}</source>
        <translation>舵机 {n}</translation>
    </message>
    <message>
        <source>Relay {n}</source>
        <translation>继电器 {n}</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Search actions</source>
        <translation>查找操作</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>Actions found</source>
        <translation>找到的操作</translation>
    </message>
</context>
<context>
    <name>PatrolList</name>
    <message>
        <source>Patrols</source>
        <translation>巡查</translation>
    </message>
    <message>
        <source>No patrol on file yet. Fly one, or import a log.</source>
        <translation>还没有巡查记录。可以飞一次，或导入日志。</translation>
    </message>
    <message>
        <source>time unknown</source>
        <translation>时间未知</translation>
    </message>
    <message>
        <source>{n} readings</source>
        <translation>{n} 个读数</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>not ended</source>
        <translation>未结束</translation>
    </message>
</context>
<context>
    <name>PhotoCard</name>
    <message>
        <source>Photograph</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256 校验</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Sighting</source>
        <translation>现场发现</translation>
    </message>
    <message>
        <source>time unknown</source>
        <translation>时间未知</translation>
    </message>
    <message>
        <source>place unknown</source>
        <translation>位置未知</translation>
    </message>
    <message>
        <source>no photograph was taken</source>
        <translation>没有拍照</translation>
    </message>
    <message>
        <source>unchanged since it was stored</source>
        <translation>存入后未改动</translation>
    </message>
    <message>
        <source>missing, or not the file that was stored</source>
        <translation>文件缺失，或与存入时不同</translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Photographs and sightings</source>
        <translation>照片与目击</translation>
    </message>
    <message>
        <source>time unknown</source>
        <translation>时间未知</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Voice note</source>
        <translation>语音备注</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
</context>
<context>
    <name>PlanFoot</name>
    <message>
        <source>Way</source>
        <translation>航程</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>能耗</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>航点数</translation>
    </message>
    <message>
        <source>Inspected</source>
        <translation>可探测</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查</translation>
    </message>
</context>
<context>
    <name>PlanPanel</name>
    <message>
        <source>Park</source>
        <translation>园区</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Open a park file (GeoJSON)</source>
        <translation>打开园区文件（GeoJSON）</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>航线样式</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Mission file…</source>
        <translation>任务文件…</translation>
    </message>
    <message>
        <source>Open a mission file instead of planning one</source>
        <translation>打开已有的任务文件，不再自动规划</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>任务模板</translation>
    </message>
    <message>
        <source>Wind from</source>
        <translation>风的来向</translation>
    </message>
    <message>
        <source>Wind speed</source>
        <translation>风速</translation>
    </message>
    <message>
        <source>Sortie</source>
        <translation>架次</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Take to Fly</source>
        <translation>交给飞行</translation>
    </message>
    <message>
        <source>Sortie {i} of {n}</source>
        <translation>第 {i} 架次，共 {n} 架次</translation>
    </message>
    <message>
        <source>Whole route (to edit it)</source>
        <translation>整条航线（可编辑）</translation>
    </message>
    <message>
        <source>To edit, choose the whole route, or double-click the map</source>
        <translation>要编辑，请选择整条航线，或双击地图</translation>
    </message>
    <message>
        <source>Crosswind lines</source>
        <translation>横风测线</translation>
    </message>
    <message>
        <source>Tour of the outlets</source>
        <translation>排口巡飞</translation>
    </message>
    <message>
        <source>Fence line</source>
        <translation>厂界巡飞</translation>
    </message>
    <message>
        <source>Orbit around a stack</source>
        <translation>绕烟囱飞行</translation>
    </message>
    <message>
        <source>From (°)</source>
        <translation>来向（°）</translation>
    </message>
    <message>
        <source>Speed (m/s)</source>
        <translation>速度（m/s）</translation>
    </message>
    <message>
        <source>Vertical profile</source>
        <translation>垂直廓线</translation>
    </message>
    <message>
        <source>Curtain downwind</source>
        <translation>下风向断面</translation>
    </message>
    <message>
        <source>Area grid</source>
        <translation>区域网格</translation>
    </message>
    <message>
        <source>Corridor</source>
        <translation>走廊</translation>
    </message>
    <message>
        <source>Look here</source>
        <translation>看向此处</translation>
    </message>
    <message>
        <source>Wind</source>
        <translation>风</translation>
    </message>
    <message>
        <source>Usual settings</source>
        <translation>常用设置</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>快速查看</translation>
    </message>
    <message>
        <source>Twice, offset</source>
        <translation>飞两遍，错开</translation>
    </message>
    <message>
        <source>Low vents</source>
        <translation>低矮排口</translation>
    </message>
</context>
<context>
    <name>Planning</name>
    <message>
        <source>Plan: undo</source>
        <translation>规划：撤销</translation>
    </message>
    <message>
        <source>Plan: do again</source>
        <translation>规划：重做</translation>
    </message>
    <message>
        <source>Plan: open a park file</source>
        <translation>规划：打开园区文件</translation>
    </message>
    <message>
        <source>Plan: open terrain files</source>
        <translation>规划：打开地形文件</translation>
    </message>
    <message>
        <source>Plan: choose the aircraft&apos;s file</source>
        <translation>规划：选择机型文件</translation>
    </message>
    <message>
        <source>Plan: save the mission</source>
        <translation>规划：保存任务</translation>
    </message>
    <message>
        <source>Plan: take the mission to Fly</source>
        <translation>规划：把任务交给飞行</translation>
    </message>
    <message>
        <source>The whole route is shown now: change it here.</source>
        <translation>现已显示整条航线，可以修改。</translation>
    </message>
    <message>
        <source>Reading parks</source>
        <translation>正在读取园区</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>正在规划</translation>
    </message>
    <message>
        <source>{part:.0%} of the park</source>
        <translation>园区的 {part:.0%}</translation>
    </message>
    <message>
        <source>{time} min</source>
        <translation>{time} 分</translation>
    </message>
</context>
<context>
    <name>PresetMenu</name>
    <message>
        <source>Own presets</source>
        <translation>自己的预设</translation>
    </message>
    <message>
        <source>Keep these settings as a preset…</source>
        <translation>把当前设置存为预设…</translation>
    </message>
    <message>
        <source>Rename the preset…</source>
        <translation>重命名预设…</translation>
    </message>
    <message>
        <source>Delete the preset</source>
        <translation>删除预设</translation>
    </message>
    <message>
        <source>Keep these settings as a preset</source>
        <translation>把当前设置存为预设</translation>
    </message>
    <message>
        <source>Rename the preset</source>
        <translation>重命名预设</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>The preset cannot be kept: {why}</source>
        <translation>预设无法保存：{why}</translation>
    </message>
</context>
<context>
    <name>ProblemList</name>
    <message>
        <source>Checks</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Not to be flown like this: {n} errors</source>
        <translation>不能这样飞：{n} 处错误</translation>
    </message>
    <message>
        <source>Look at {n} points before flying</source>
        <translation>起飞前请查看 {n} 处</translation>
    </message>
    <message>
        <source>All checks passed</source>
        <translation>检查全部通过</translation>
    </message>
</context>
<context>
    <name>Readout</name>
    <message>
        <source>Concentration</source>
        <translation>浓度</translation>
    </message>
    <message>
        <source>Trend</source>
        <translation>趋势</translation>
    </message>
    <message>
        <source>No readings yet</source>
        <translation>还没有读数</translation>
    </message>
    <message>
        <source>What the concentration means</source>
        <translation>浓度的含义</translation>
    </message>
    <message>
        <source>Other quantities</source>
        <translation>其他组分</translation>
    </message>
    <message>
        <source>STALE: last reading {s:.0f} s ago</source>
        <translation>已中断：最后读数在 {s:.0f} 秒前</translation>
    </message>
    <message>
        <source>, {above:+.2f} over the background</source>
        <translation>，相对背景 {above:+.2f}</translation>
    </message>
    <message>
        <source>  stale, {s:.0f} s</source>
        <translation>  已中断 {s:.0f} 秒</translation>
    </message>
    <message>
        <source>rising</source>
        <translation>上升</translation>
    </message>
    <message>
        <source>falling</source>
        <translation>下降</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>平稳</translation>
    </message>
    <message>
        <source>Above {limit:g} mg/m³ – a clue, not evidence</source>
        <translation>高于 {limit:g} mg/m³，仅为线索，不是证据</translation>
    </message>
    <message>
        <source>Below {limit:g} mg/m³</source>
        <translation>低于 {limit:g} mg/m³</translation>
    </message>
</context>
<context>
    <name>ResultForm</name>
    <message>
        <source>Laboratory result</source>
        <translation>检测结果</translation>
    </message>
    <message>
        <source>Files as received</source>
        <translation>原始报告文件</translation>
    </message>
    <message>
        <source>drop a file here, or write its path</source>
        <translation>把文件拖到这里，或写出路径</translation>
    </message>
    <message>
        <source>Laboratory</source>
        <translation>检测机构</translation>
    </message>
    <message>
        <source>Report number</source>
        <translation>报告编号</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Analysed by method</source>
        <translation>分析方法</translation>
    </message>
    <message>
        <source>Analysis began</source>
        <translation>分析开始时间</translation>
    </message>
    <message>
        <source>Entered by</source>
        <translation>录入人</translation>
    </message>
    <message>
        <source>Result received</source>
        <translation>收到时间</translation>
    </message>
    <message>
        <source>Corrects entry</source>
        <translation>更正第几条</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Two patrols of one park side by side, before and after</source>
        <translation>同一园区两次巡查并排对比（整改前后）</translation>
    </message>
    <message>
        <source>Seal it</source>
        <translation>封存</translation>
    </message>
    <message>
        <source>Build an evidence packet of this patrol</source>
        <translation>把这次巡查制作成证据包</translation>
    </message>
    <message>
        <source>Find sources</source>
        <translation>查找来源</translation>
    </message>
    <message>
        <source>Look for what no permitted outlet explains</source>
        <translation>查找许可排口无法解释的高值</translation>
    </message>
    <message>
        <source>Patrols</source>
        <translation>巡查</translation>
    </message>
    <message>
        <source>Review: read the list of patrols again</source>
        <translation>复核：重新读取巡查列表</translation>
    </message>
    <message>
        <source>Review: play or pause the replay</source>
        <translation>复核：播放或暂停回放</translation>
    </message>
    <message>
        <source>Review: next suspected place</source>
        <translation>复核：下一处疑似点</translation>
    </message>
    <message>
        <source>Review: accept the suspected place</source>
        <translation>复核：采纳疑似点</translation>
    </message>
    <message>
        <source>Review: dismiss the suspected place</source>
        <translation>复核：排除疑似点</translation>
    </message>
    <message>
        <source>Review: charts or curtain</source>
        <translation>复核：曲线与剖面切换</translation>
    </message>
    <message>
        <source>Review: show or hide the lag taken back</source>
        <translation>复核：显示或隐藏滞后校正</translation>
    </message>
    <message>
        <source>Review: show or hide the fit by source</source>
        <translation>复核：显示或隐藏各来源拟合</translation>
    </message>
    <message>
        <source>Review: show or hide what is not explained</source>
        <translation>复核：显示或隐藏未解释部分</translation>
    </message>
    <message>
        <source>Review: show or hide isolines</source>
        <translation>复核：显示或隐藏等值线</translation>
    </message>
    <message>
        <source>Review: next photograph or sighting</source>
        <translation>复核：下一张照片或目击</translation>
    </message>
    <message>
        <source>Review: compare two patrols</source>
        <translation>复核：比较两次巡查</translation>
    </message>
    <message>
        <source>Review: export the map</source>
        <translation>复核：导出地图</translation>
    </message>
    <message>
        <source>Review: export the chart or curtain</source>
        <translation>复核：导出曲线或剖面</translation>
    </message>
    <message>
        <source>Review: print the map</source>
        <translation>复核：打印地图</translation>
    </message>
    <message>
        <source>Review: print the chart or curtain</source>
        <translation>复核：打印曲线或剖面</translation>
    </message>
    <message>
        <source>Review: plan the next look and take it to Plan</source>
        <translation>复核：规划下一步复查并转到规划</translation>
    </message>
    <message>
        <source>Working out the charts</source>
        <translation>正在计算曲线</translation>
    </message>
    <message>
        <source>Next look</source>
        <translation>下一步复查</translation>
    </message>
    <message>
        <source>Review: find sources</source>
        <translation>复核：查找来源</translation>
    </message>
    <message>
        <source>Review: seal this patrol into a packet</source>
        <translation>复核：把这次巡查封存为证据包</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Chart or curtain</source>
        <translation>曲线或剖面</translation>
    </message>
    <message>
        <source>Reading the list of patrols</source>
        <translation>正在读取巡查列表</translation>
    </message>
    <message>
        <source>Opening the patrol</source>
        <translation>正在打开巡查</translation>
    </message>
    <message>
        <source>Looking for sources</source>
        <translation>正在查找来源</translation>
    </message>
    <message>
        <source>This patrol has no readings</source>
        <translation>这次巡查没有读数</translation>
    </message>
    <message>
        <source>Keeping the decision</source>
        <translation>正在保存处理结果</translation>
    </message>
</context>
<context>
    <name>RouteCard</name>
    <message>
        <source>Chosen waypoints</source>
        <translation>选中的航点</translation>
    </message>
    <message>
        <source>Latitude (°)</source>
        <translation>纬度（°）</translation>
    </message>
    <message>
        <source>Longitude (°)</source>
        <translation>经度（°）</translation>
    </message>
    <message>
        <source>Height (m)</source>
        <translation>高度（m）</translation>
    </message>
    <message>
        <source>Hold (s)</source>
        <translation>停留（s）</translation>
    </message>
    <message>
        <source>Insert (I)</source>
        <translation>插入（I）</translation>
    </message>
    <message>
        <source>A waypoint on the leg after the chosen one, or double-click a leg</source>
        <translation>在选中航点之后的航段上插入航点；也可双击航段</translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation>删除（Del）</translation>
    </message>
    <message>
        <source>Plan anew</source>
        <translation>重新规划</translation>
    </message>
    <message>
        <source>Let the pattern lay out the route again; undo brings this one back</source>
        <translation>按航线样式重新布置航线；撤销可恢复当前航线</translation>
    </message>
    <message>
        <source>{n} waypoints chosen</source>
        <translation>已选中 {n} 个航点</translation>
    </message>
    <message>
        <source>Waypoint {n} of {total}</source>
        <translation>航点 {n}，共 {total} 个</translation>
    </message>
</context>
<context>
    <name>RouteDesk</name>
    <message>
        <source>Plan: open a mission file</source>
        <translation>规划：打开任务文件</translation>
    </message>
    <message>
        <source>Route: next waypoint (Page Down)</source>
        <translation>航线：下一个航点（Page Down）</translation>
    </message>
    <message>
        <source>Route: previous waypoint (Page Up)</source>
        <translation>航线：上一个航点（Page Up）</translation>
    </message>
    <message>
        <source>Route: choose every waypoint</source>
        <translation>航线：选中全部航点</translation>
    </message>
    <message>
        <source>Route: insert a waypoint (I)</source>
        <translation>航线：插入航点（I）</translation>
    </message>
    <message>
        <source>Route: delete the chosen waypoints (Del)</source>
        <translation>航线：删除选中的航点（Del）</translation>
    </message>
    <message>
        <source>The last waypoint stays: a route needs one.</source>
        <translation>航线至少要有一个航点，最后一个不能删除。</translation>
    </message>
    <message>
        <source>Edited by hand</source>
        <translation>已手动修改</translation>
    </message>
    <message>
        <source>From a mission file</source>
        <translation>来自任务文件</translation>
    </message>
    <message>
        <source>The next look</source>
        <translation>下一步复查</translation>
    </message>
    <message>
        <source>Open a mission file</source>
        <translation>打开任务文件</translation>
    </message>
    <message>
        <source>Reading the mission</source>
        <translation>正在读取任务文件</translation>
    </message>
    <message>
        <source>There is no waypoint in this file.</source>
        <translation>此文件中没有航点。</translation>
    </message>
    <message>
        <source>The route lies {away} from the park: open its park too.</source>
        <translation>航线距当前园区 {away}，请同时打开对应的园区。</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>I have looked: it is so</source>
        <translation>已查看，属实</translation>
    </message>
    <message>
        <source>Switch the fence on</source>
        <translation>启用围栏</translation>
    </message>
    <message>
        <source>It also switches on the vehicle&apos;s own circle and height fences, as its parameters have them.</source>
        <translation>这也会按飞控参数启用它自带的圆形围栏和高度围栏。</translation>
    </message>
    <message>
        <source>Zero and span check…</source>
        <translation>零点与量程检查…</translation>
    </message>
    <message>
        <source>Number of the approval (Enter keeps it)</source>
        <translation>批准文号（回车保存）</translation>
    </message>
    <message>
        <source>Number of the airspace approval</source>
        <translation>空域批准文号</translation>
    </message>
    <message>
        <source>Let it pass because…</source>
        <translation>放行理由…</translation>
    </message>
    <message>
        <source>Let pass</source>
        <translation>放行</translation>
    </message>
    <message>
        <source>Let it pass with a reason…</source>
        <translation>写明理由放行…</translation>
    </message>
</context>
<context>
    <name>Said</name>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Session ended</source>
        <translation>会话已结束</translation>
    </message>
    <message>
        <source>Waiting for the vehicle</source>
        <translation>等待无人机</translation>
    </message>
    <message>
        <source>Link lost for {s:.0f} s</source>
        <translation>链路中断 {s:.0f} 秒</translation>
    </message>
    <message>
        <source>Connected, {loss:.0%} of messages lost</source>
        <translation>已连接，消息丢失 {loss:.0%}</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>flying the mission</source>
        <translation>执行任务</translation>
    </message>
    <message>
        <source>holding</source>
        <translation>悬停</translation>
    </message>
    <message>
        <source>guided</source>
        <translation>引导飞行</translation>
    </message>
    <message>
        <source>taking off</source>
        <translation>起飞中</translation>
    </message>
    <message>
        <source>returning</source>
        <translation>返航中</translation>
    </message>
    <message>
        <source>landing</source>
        <translation>降落中</translation>
    </message>
    <message>
        <source>the pilot has it</source>
        <translation>由飞手操控</translation>
    </message>
    <message>
        <source>disarmed</source>
        <translation>未解锁</translation>
    </message>
    <message>
        <source>armed, on the ground</source>
        <translation>已解锁，在地面</translation>
    </message>
    <message>
        <source>{percent:.0f} %, {minutes:.0f} min to the reserve</source>
        <translation>{percent:.0f} %，距保留电量 {minutes:.0f} 分钟</translation>
    </message>
    <message>
        <source>{speed:.1f} m/s from {deg:.0f}°</source>
        <translation>{deg:.0f}° 来风 {speed:.1f} m/s</translation>
    </message>
    <message>
        <source>3D fix</source>
        <translation>三维定位</translation>
    </message>
    <message>
        <source>no fix</source>
        <translation>未定位</translation>
    </message>
    <message>
        <source>{fix}, {n} satellites</source>
        <translation>{fix}，{n} 颗卫星</translation>
    </message>
    <message>
        <source>FAILED: {why}</source>
        <translation>失败：{why}</translation>
    </message>
    <message>
        <source>{n} records safe on disk</source>
        <translation>{n} 条记录已落盘</translation>
    </message>
    <message>
        <source>none heard</source>
        <translation>未收到</translation>
    </message>
    <message>
        <source>{n}, nearest {name} at {away}</source>
        <translation>{n} 架，最近 {name}，{away}</translation>
    </message>
    <message>
        <source>It disarmed itself, as autopilots do when nothing follows. Arm it again, then start at once.</source>
        <translation>飞控解锁后无后续动作，已自行上锁。请重新解锁并立即起飞执行。</translation>
    </message>
    <message>
        <source>Link lost. The vehicle follows its own failsafe.</source>
        <translation>链路中断。无人机将执行自身的失控保护。</translation>
    </message>
    <message>
        <source>Link back after {s:.0f} s</source>
        <translation>链路恢复，中断 {s:.0f} 秒</translation>
    </message>
    <message>
        <source>Recording failed: {why}. Land, or free the disk.</source>
        <translation>记录失败：{why}。请降落，或清理磁盘。</translation>
    </message>
    <message>
        <source>Limit reached: {words}</source>
        <translation>达到限值：{words}</translation>
    </message>
    <message>
        <source>Instrument lost: {words}</source>
        <translation>仪器中断：{words}</translation>
    </message>
    <message>
        <source>{instrument} answers again</source>
        <translation>{instrument} 已恢复</translation>
    </message>
    <message>
        <source>Vehicle: {words}</source>
        <translation>无人机：{words}</translation>
    </message>
    <message>
        <source>{command}: done</source>
        <translation>{command}：已完成</translation>
    </message>
    <message>
        <source>{command}: refused. {why}</source>
        <translation>{command}：被拒绝。{why}</translation>
    </message>
    <message>
        <source>{command}: no answer</source>
        <translation>{command}：无应答</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>Arm</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Filling by itself</source>
        <translation>自动采样</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>起飞执行</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>返航</translation>
    </message>
    <message>
        <source>Land</source>
        <translation>降落</translation>
    </message>
    <message>
        <source>Fly here</source>
        <translation>飞到此处</translation>
    </message>
    <message>
        <source>Look here</source>
        <translation>看向此处</translation>
    </message>
    <message>
        <source>Stop motors</source>
        <translation>停转电机</translation>
    </message>
    <message>
        <source>Photograph</source>
        <translation>拍照</translation>
    </message>
    <message>
        <source>Mark sighting</source>
        <translation>标记发现</translation>
    </message>
    <message>
        <source>Change height</source>
        <translation>改变高度</translation>
    </message>
    <message>
        <source>Back the way it came</source>
        <translation>原路返回</translation>
    </message>
    <message>
        <source>Set the speed</source>
        <translation>设定速度</translation>
    </message>
    <message>
        <source>Switch the sampler</source>
        <translation>开关采样仪</translation>
    </message>
    <message>
        <source>Switch the fence on</source>
        <translation>启用围栏</translation>
    </message>
    <message>
        <source>Orbit</source>
        <translation>绕飞</translation>
    </message>
    <message>
        <source>Tick an item</source>
        <translation>确认一项</translation>
    </message>
    <message>
        <source>Let an item pass</source>
        <translation>放行一项</translation>
    </message>
    <message>
        <source>Acknowledge the alarms</source>
        <translation>确认报警</translation>
    </message>
    <message>
        <source>Zero and span check</source>
        <translation>零点与量程检查</translation>
    </message>
    <message>
        <source>Stop the check</source>
        <translation>中止检查</translation>
    </message>
    <message>
        <source>Stop the upload</source>
        <translation>停止上传</translation>
    </message>
    <message>
        <source>Figures for the preflight</source>
        <translation>起飞前检查数据</translation>
    </message>
    <message>
        <source>End the session</source>
        <translation>结束会话</translation>
    </message>
</context>
<context>
    <name>SamplesPage</name>
    <message>
        <source>What is to be said of the sample</source>
        <translation>样品说明</translation>
    </message>
    <message>
        <source>New sample…</source>
        <translation>新样品…</translation>
    </message>
    <message>
        <source>Hand over…</source>
        <translation>交接…</translation>
    </message>
    <message>
        <source>Seal…</source>
        <translation>封签…</translation>
    </message>
    <message>
        <source>Result…</source>
        <translation>结果…</translation>
    </message>
    <message>
        <source>Labels…</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样品</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>保管人</translation>
    </message>
    <message>
        <source>Holding time</source>
        <translation>保存时限</translation>
    </message>
    <message>
        <source>To mend</source>
        <translation>待补正</translation>
    </message>
    <message>
        <source>A laboratory&apos;s file may be dropped here.</source>
        <translation>检测报告文件可拖到此处。</translation>
    </message>
</context>
<context>
    <name>Scrubber</name>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Play or pause the replay</source>
        <translation>播放或暂停回放</translation>
    </message>
    <message>
        <source>Replay speed</source>
        <translation>回放速度</translation>
    </message>
</context>
<context>
    <name>SealedForm</name>
    <message>
        <source>New seal</source>
        <translation>新封签</translation>
    </message>
    <message>
        <source>Seal number</source>
        <translation>封签号</translation>
    </message>
    <message>
        <source>At</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Put on by</source>
        <translation>加封人</translation>
    </message>
    <message>
        <source>Second person (needed to change a seal)</source>
        <translation>第二人（更换封签必需）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
</context>
<context>
    <name>Sections</name>
    <message>
        <source>Measure a line on the map first (M), then choose it again.</source>
        <translation>请先在地图上量一条线（M），再选此项。</translation>
    </message>
    <message>
        <source>Working out the curtain</source>
        <translation>正在计算剖面</translation>
    </message>
</context>
<context>
    <name>SettingsForm</name>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>SightingCard</name>
    <message>
        <source>Sighting</source>
        <translation>现场发现</translation>
    </message>
    <message>
        <source>What was seen (Enter keeps it)</source>
        <translation>看到了什么（回车保存）</translation>
    </message>
    <message>
        <source>What was seen</source>
        <translation>看到了什么</translation>
    </message>
    <message>
        <source>Photograph…</source>
        <translation>照片…</translation>
    </message>
    <message>
        <source>Add a file; photographs can also be dropped on the window</source>
        <translation>选择文件；也可把照片拖到窗口上</translation>
    </message>
    <message>
        <source>Camera folder…</source>
        <translation>相机文件夹…</translation>
    </message>
    <message>
        <source>New photographs in a folder are added to the sighting just marked</source>
        <translation>文件夹中的新照片自动归入刚才的现场发现</translation>
    </message>
    <message>
        <source>Voice note</source>
        <translation>语音备注</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Photographs kept: {n}</source>
        <translation>已存照片 {n} 张</translation>
    </message>
    <message>
        <source>Notes kept: {n}</source>
        <translation>已存备注 {n} 条</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>停止录音</translation>
    </message>
</context>
<context>
    <name>Sightings</name>
    <message>
        <source>Sighting {time}</source>
        <translation>现场发现 {time}</translation>
    </message>
    <message>
        <source>
heading {deg:.0f}°</source>
        <translation>
航向 {deg:.0f}°</translation>
    </message>
    <message>
        <source>Keeping the note</source>
        <translation>正在保存备注</translation>
    </message>
    <message>
        <source>{file} is not kept: no patrol is being flown.</source>
        <translation>{file} 未保存：当前没有正在飞行的巡查。</translation>
    </message>
    <message>
        <source>Keeping what was seen</source>
        <translation>正在保存现场发现材料</translation>
    </message>
    <message>
        <source>Photographs ({endings})</source>
        <translation>照片 ({endings})</translation>
    </message>
    <message>
        <source>New photographs in {folder} are kept</source>
        <translation>{folder} 中的新照片将自动保存</translation>
    </message>
    <message>
        <source>Looking for photographs</source>
        <translation>正在查找照片</translation>
    </message>
    <message>
        <source>The camera&apos;s folder {folder} cannot be read any more; choose it again.</source>
        <translation>相机文件夹 {folder} 已无法读取，请重新选择。</translation>
    </message>
</context>
<context>
    <name>Stamping</name>
    <message>
        <source>Time stamp authority: http://…</source>
        <translation>时间戳机构：http://…</translation>
    </message>
    <message>
        <source>Address of the time stamp authority</source>
        <translation>时间戳机构的网址</translation>
    </message>
    <message>
        <source>Fetch time stamps</source>
        <translation>取时间戳</translation>
    </message>
    <message>
        <source>For every packet that waits for one; only a digest is sent</source>
        <translation>为所有等待的证据包取时间戳；只发送摘要</translation>
    </message>
    <message>
        <source>Enter the address of a time stamp authority first.</source>
        <translation>请先填写时间戳机构的网址。</translation>
    </message>
    <message>
        <source>Fetching time stamps</source>
        <translation>正在取时间戳</translation>
    </message>
    <message>
        <source>No packet waits for a time stamp.</source>
        <translation>没有等待时间戳的证据包。</translation>
    </message>
    <message>
        <source>Time stamps kept beside the packets: {files}</source>
        <translation>时间戳已存放在证据包旁：{files}</translation>
    </message>
    <message>
        <source>Packets that go on waiting for a time stamp: {n}. {why}</source>
        <translation>{n} 个证据包继续等待时间戳。{why}</translation>
    </message>
</context>
<context>
    <name>Story</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>巡查</translation>
    </message>
    <message>
        <source>Flown</source>
        <translation>飞行时间</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Accepted because</source>
        <translation>采纳理由</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>处理时间</translation>
    </message>
    <message>
        <source>Evidence packets</source>
        <translation>证据包</translation>
    </message>
    <message>
        <source>No packet yet</source>
        <translation>还没有证据包</translation>
    </message>
    <message>
        <source>Build a packet</source>
        <translation>制作证据包</translation>
    </message>
    <message>
        <source>Verify it</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>Show in Review</source>
        <translation>在复核中查看</translation>
    </message>
    <message>
        <source>Story of the case</source>
        <translation>案情</translation>
    </message>
    <message>
        <source>What was seen, by whom, and what happened since</source>
        <translation>看到什么、谁看到的、之后发生了什么</translation>
    </message>
    <message>
        <source>People</source>
        <translation>相关人员</translation>
    </message>
    <message>
        <source>Who has to do with it: name, office</source>
        <translation>相关人员：姓名、单位</translation>
    </message>
    <message>
        <source>Keep the story</source>
        <translation>保存案情</translation>
    </message>
    <message>
        <source>Story and people</source>
        <translation>案情与人员</translation>
    </message>
    <message>
        <source>No case chosen</source>
        <translation>未选择案件</translation>
    </message>
    <message>
        <source>Suspected place S{n}</source>
        <translation>疑似点 S{n}</translation>
    </message>
    <message>
        <source>suspected, not verified on site</source>
        <translation>疑似，尚未现场核实</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>{number}, told {n} times</source>
        <translation>{number}，第 {n} 次记述</translation>
    </message>
</context>
<context>
    <name>StripChart</name>
    <message>
        <source>Readings over time</source>
        <translation>读数随时间变化</translation>
    </message>
</context>
<context>
    <name>Strips</name>
    <message>
        <source>Choose a patrol to see its readings</source>
        <translation>选择一次巡查以查看读数</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>背景值</translation>
    </message>
    <message>
        <source>Stacked</source>
        <translation>堆叠</translation>
    </message>
    <message>
        <source>Without lag</source>
        <translation>去滞后</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>各来源</translation>
    </message>
    <message>
        <source>Rest</source>
        <translation>未解释</translation>
    </message>
    <message>
        <source>What the instrument showed</source>
        <translation>仪器显示的读数</translation>
    </message>
    <message>
        <source>The reading with the instrument&apos;s lag taken back</source>
        <translation>校正仪器滞后后的读数</translation>
    </message>
    <message>
        <source>The air without any source, as the analysis fitted it</source>
        <translation>研判拟合的无来源背景值</translation>
    </message>
    <message>
        <source>What the analysis thinks each outlet and each suspected place brings</source>
        <translation>研判认为各排口和各疑似点的贡献</translation>
    </message>
    <message>
        <source>Sources standing on one another, or each from the axis</source>
        <translation>各来源堆叠，或分别从零画起</translation>
    </message>
    <message>
        <source>What neither background nor sources explain</source>
        <translation>背景值与各来源都不能解释的部分</translation>
    </message>
    <message>
        <source>Show in the chart: {name}</source>
        <translation>在图中显示：{name}</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>模拟数据</translation>
    </message>
    <message>
        <source>other outlets</source>
        <translation>其他排口</translation>
    </message>
</context>
<context>
    <name>SuspectsCard</name>
    <message>
        <source>Suspected places so far</source>
        <translation>目前的疑似点</translation>
    </message>
    <message>
        <source>Where to look next</source>
        <translation>下一步看哪里</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>在地图上</translation>
    </message>
    <message>
        <source>Take it over…</source>
        <translation>采用…</translation>
    </message>
    <message>
        <source>Pause now</source>
        <translation>立即暂停</translation>
    </message>
    <message>
        <source>Hold: upload as the new plan</source>
        <translation>按住：作为新计划上传</translation>
    </message>
    <message>
        <source>Hold: fly the new plan</source>
        <translation>按住：执行新计划</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>不采用</translation>
    </message>
    <message>
        <source>Suspected place</source>
        <translation>疑似点</translation>
    </message>
    <message>
        <source>S{n} suspected</source>
        <translation>S{n} 疑似</translation>
    </message>
    <message>
        <source>{length:.0f} m with the way there and home, {minutes:.1f} min</source>
        <translation>含往返共 {length:.0f} m，{minutes:.1f} 分钟</translation>
    </message>
    <message>
        <source>, {percent:.0f} % of the battery</source>
        <translation>，耗电 {percent:.0f}%</translation>
    </message>
    <message>
        <source>A plan is only uploaded while the aircraft holds. Pause first.</source>
        <translation>只有悬停时才能上传计划，请先暂停。</translation>
    </message>
    <message>
        <source>The plan on board is replaced; the aircraft keeps holding.</source>
        <translation>机上计划将被替换，飞机继续悬停。</translation>
    </message>
    <message>
        <source>Uploading, and reading it back…</source>
        <translation>正在上传并回读核对…</translation>
    </message>
    <message>
        <source>On board and read back. It flies when you hold the button.</source>
        <translation>已上传并核对。按住按钮才会执行。</translation>
    </message>
    <message>
        <source>The new plan is being flown.</source>
        <translation>正在执行新计划。</translation>
    </message>
</context>
<context>
    <name>TakenForm</name>
    <message>
        <source>New sample</source>
        <translation>新样品</translation>
    </message>
    <message>
        <source>Vessel</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Valve opened</source>
        <translation>阀门打开</translation>
    </message>
    <message>
        <source>Valve shut</source>
        <translation>阀门关闭</translation>
    </message>
    <message>
        <source>Volume, litres</source>
        <translation>体积，升</translation>
    </message>
    <message>
        <source>Flow, litres a minute</source>
        <translation>流量，升/分</translation>
    </message>
    <message>
        <source>Vacuum before, kPa</source>
        <translation>采样前真空度，kPa</translation>
    </message>
    <message>
        <source>Vacuum after, kPa</source>
        <translation>采样后真空度，kPa</translation>
    </message>
    <message>
        <source>To be analysed by</source>
        <translation>要求的分析方法</translation>
    </message>
    <message>
        <source>Analytes</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Seal number</source>
        <translation>封签号</translation>
    </message>
    <message>
        <source>Duplicate of</source>
        <translation>与哪个样品平行</translation>
    </message>
    <message>
        <source>Taken by (name:certificate; …)</source>
        <translation>采样人（姓名:证号; …）</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Findings of the verification</source>
        <translation>核验结果</translation>
    </message>
</context>
<context>
    <name>WindDial</name>
    <message>
        <source>Wind</source>
        <translation>风</translation>
    </message>
    <message>
        <source>Drag the tail to where the wind comes from; left and right turn it, up and down set the speed.</source>
        <translation>把箭尾拖到风的来向；左右键改变风向，上下键改变风速。</translation>
    </message>
</context>
</TS>
