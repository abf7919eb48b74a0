"""Two patrols of one park side by side: the same map section, the same colours, and what became of each place."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dronesampler.desk.comparing import CHANGES, SUSPECTED, Comparison, Line, write_comparison
from dronesampler.problems import Severity
from dronesampler.texts import Lang
from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import column, label, row
from dronesampler_ui.parts.exporting import Exporting
from dronesampler_ui.parts.map.legend import Legend
from dronesampler_ui.parts.map.view import MapView
from dronesampler_ui.parts.picture import Sheet
from dronesampler_ui.parts.ramp import Scale
from dronesampler_ui.review.map_layers import MapLayers
from dronesampler_ui.review.study import Opened
from dronesampler_ui.theme import Theme
from dronesampler_ui.values import PatrolLine

HEAD_PX, LINE_PX = 26.0, 22.0


class Side:
    """One of the two maps with its patrol."""

    def __init__(self, theme: Theme, lang: Lang) -> None:
        self._lang = lang
        self.choice = QComboBox()
        self.view = MapView(theme)
        self.layers = MapLayers()
        self.opened: Opened | None = None

    def show(self, opened: Opened, scale: Scale) -> None:
        self.opened = opened
        self.layers.show_patrol(opened, self._lang)
        self.layers.readings.scale = scale
        if opened.frame:
            self.view.set_frame(opened.frame)
        self.view.set_layers(self.layers.every())
        self.view.set_simulated(opened.shown.line.simulated)
        self.view.wind = self.layers.wind_at(None)


class CompareWindow(QWidget):
    """Of its own, so that it can stand on a second screen. Asks for a comparison; is given one."""

    wanted = Signal(int, int)  # before, after

    def __init__(self, theme: Theme, lang: Lang, *, say: Callable[[str, Severity], None], over: QWidget) -> None:
        super().__init__(over, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Before and after"))
        self.setObjectName("panel")
        self.resize(1180, 760)
        self._theme, self._lang = theme, lang
        self.found: Comparison | None = None
        self.before, self.after = Side(theme, lang), Side(theme, lang)
        self.before.choice.setAccessibleName(self.tr("Earlier patrol"))
        self.after.choice.setAccessibleName(self.tr("Later patrol"))
        self.before.view.setAccessibleName(self.tr("Map of the earlier patrol"))
        self.after.view.setAccessibleName(self.tr("Map of the later patrol"))
        self.legend = Legend(theme)
        self.go = QPushButton(self.tr("Compare"))
        self.go.setObjectName("primary")
        self.save_table = QPushButton(self.tr("Save table…"))
        self.export = QPushButton(self.tr("Export…"))
        self._exporting = Exporting(self, say)
        self.export.setMenu(self._exporting.menu({"compare": (self.tr("Comparison"), self.sheet)}))
        self._state = label("", "soft", wrap=True)
        self.table = self._make_table()
        self._lay_out()
        self._connect()
        self._offer()

    def _make_table(self) -> QTableWidget:
        names = [
            self.tr("Place"),
            self.tr("Before, g/s (95 %)"),
            self.tr("After, g/s (95 %)"),
            self.tr("Change"),
            self.tr("Explanation"),
        ]
        table = QTableWidget(0, len(names))
        table.setAccessibleName(self.tr("What became of each suspected place"))
        table.setHorizontalHeaderLabels(names)
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setWordWrap(True)
        return table

    def _lay_out(self) -> None:
        maps = QHBoxLayout()
        for side in (self.before, self.after):
            half = QVBoxLayout()
            half.addWidget(side.choice)
            half.addWidget(side.view, 1)
            maps.addLayout(half, 1)
        box = column(self)
        box.addLayout(maps, 3)
        foot = row(self.legend, self._state, self.go, self.save_table, self.export, stretch=1)
        box.addLayout(foot)
        box.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.go.clicked.connect(self._ask)
        self.save_table.clicked.connect(self._ask_table)
        self.legend.scale_changed.connect(self._recolour)
        self.table.currentCellChanged.connect(lambda i, *_: self._look_at(i))
        self.before.view.camera_changed.connect(lambda: self._follow(self.before, self.after))
        self.after.view.camera_changed.connect(lambda: self._follow(self.after, self.before))
        for side in (self.before, self.after):
            side.choice.currentIndexChanged.connect(self._offer)
        shut = QAction(self.tr("Close"), self)
        shut.setShortcut("Esc")
        shut.triggered.connect(self.close)
        self.addAction(shut)

    def show_patrols(self, patrols: tuple[PatrolLine, ...], *, later: int | None) -> None:
        """Offer these, the newest first; `later` is the one that is open, the other the one before it."""
        ids = [p.id for p in patrols]
        for side in (self.before, self.after):
            side.choice.clear()
            for patrol in patrols:
                when = words.local_time(patrol.began_unix_s) if patrol.began_unix_s else self.tr("time unknown")
                side.choice.addItem(f"{patrol.name}   {when}", patrol.id)
        here = ids.index(later) if later in ids else 0
        self.after.choice.setCurrentIndex(here)
        self.before.choice.setCurrentIndex(here + 1 if here + 1 < len(ids) else max(here - 1, 0))
        self._offer()

    def show_comparison(self, before: Opened, after: Opened, found: Comparison | None, why: str = "") -> None:
        """Both patrols, and the table or the reason why there is none."""
        self.found = found
        top = max(before.scale.high_mg_m3, after.scale.high_mg_m3)
        scale = Scale(min(before.scale.low_mg_m3, after.scale.low_mg_m3), top)
        self.before.show(before, scale)
        self.after.show(after, scale)
        quantity = before.shown.readings.quantity if before.shown.readings is not None else ""
        self.legend.show_scale(scale, quantity)
        self.after.view.fit()
        self._fill(found)
        seen = "\n".join(words.sentence(text.said(self._lang)) for text in (found.seen_after[1:2] if found else ()))
        said = f"{SUSPECTED.said(self._lang)}\n{seen}".strip() if found else words.sentence(why)
        self._state.setText(said)
        self._offer()

    def _fill(self, found: Comparison | None) -> None:
        lines = found.lines if found else ()
        self.table.setRowCount(len(lines))
        for i, line in enumerate(lines):
            for k, words_ in enumerate(self._cells(line)):
                self.table.setItem(i, k, QTableWidgetItem(words_))
        self.table.resizeRowsToContents()

    def _cells(self, line: Line) -> tuple[str, ...]:
        return (
            line.label,
            _rate(line.before_g_s, line.before_interval_g_s),
            _rate(line.after_g_s, line.after_interval_g_s),
            CHANGES[line.change].said(self._lang),
            words.sentence(line.text.said(self._lang)),
        )

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.legend.set_theme(theme)
        for side in (self.before, self.after):
            side.view.set_theme(theme)

    # What the officer does

    def be_ready(self) -> None:
        """Nothing is being compared any more."""
        self._state.clear()
        self._offer()

    def _ask(self) -> None:
        self.wanted.emit(int(self.before.choice.currentData()), int(self.after.choice.currentData()))
        self.go.setEnabled(False)
        self._state.setText(self.tr("Comparing…"))

    def _offer(self) -> None:
        ids = [side.choice.currentData() for side in (self.before, self.after)]
        self.go.setEnabled(None not in ids and ids[0] != ids[1])
        self.save_table.setEnabled(self.found is not None)
        self.export.setEnabled(self.before.opened is not None)

    def _recolour(self, scale: Scale) -> None:
        for side in (self.before, self.after):
            side.layers.readings.scale = scale
            side.view.update()

    def _follow(self, moved: Side, other: Side) -> None:
        """Both maps show the same section."""
        camera = other.view.camera
        same = moved.view.camera.sized(camera.width_px, camera.height_px)
        if other.opened is not None and moved.opened is not None and same != camera and same.frame == camera.frame:
            other.view.look(same)

    def _look_at(self, index: int) -> None:
        if self.found is not None and 0 <= index < len(self.found.lines):
            line = self.found.lines[index]
            self.before.view.centre_on(line.lat_deg, line.lon_deg)

    def _ask_table(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save table"), "before-after.csv", "CSV (*.csv)")
        if name and self.found is not None:
            write_comparison(self.found, Path(name), self._lang)

    # Export

    def sheet(self) -> Sheet:
        """Both maps, the legend and the table on one sheet."""
        maps = self.before.view.size()
        wide = 2 * maps.width() + 8
        rows = len(self.found.lines) if self.found else 0
        return Sheet(QSize(wide, round(HEAD_PX + maps.height() + 70 + LINE_PX * (rows + 2))), self._paint, self.font())

    def _paint(self, painter: QPainter) -> None:
        high, half = self.before.view.height(), self.before.view.width()
        painter.fillRect(QRectF(0, 0, 2 * half + 8, HEAD_PX + high + 4000), QColor(self._theme.panel))
        for side, left in ((self.before, 0), (self.after, half + 8)):
            painter.setPen(QColor(self._theme.text))
            head = QRectF(left + 4, 0, half - 8, HEAD_PX)
            painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter), side.choice.currentText())
            painter.save()
            painter.translate(left, HEAD_PX)
            painter.setClipRect(QRectF(0, 0, half, high))
            side.view.paint(painter)
            painter.restore()
        painter.save()
        painter.translate(4, HEAD_PX + high + 4)
        self.legend.paint(painter)
        painter.restore()
        painter.setPen(QColor(self._theme.text))
        top = HEAD_PX + high + 70
        for i, line in enumerate(self.found.lines if self.found else ()):
            said = "   ".join(self._cells(line))
            painter.drawText(QRectF(8, top + i * LINE_PX, 2 * half - 8, LINE_PX), int(Qt.AlignmentFlag.AlignLeft), said)
        bottom = top + LINE_PX * len(self.found.lines if self.found else ())
        note = SUSPECTED.said(self._lang)
        painter.drawText(QRectF(8, bottom, 2 * half - 8, LINE_PX), int(Qt.AlignmentFlag.AlignLeft), note)


def _rate(rate_g_s: float | None, interval: tuple[float, float] | None) -> str:
    if rate_g_s is None:
        return "–"
    return f"{rate_g_s:.2g}" + (f" ({interval[0]:.2g} – {interval[1]:.2g})" if interval else "")
