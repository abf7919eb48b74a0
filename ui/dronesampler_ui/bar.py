"""The bar on top: which workspace, what is going on, the link in words, search and settings."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QPushButton, QToolButton, QWidget

from dronesampler.texts import Lang
from dronesampler_ui import icons
from dronesampler_ui.background import Work
from dronesampler_ui.parts.boxes import label, set_kind
from dronesampler_ui.settings import SCALES
from dronesampler_ui.theme import Theme, ThemeName


class Bar(QWidget):
    """Shows; emits what the officer chose."""

    search = Signal()
    theme_chosen = Signal(object)
    lang_chosen = Signal(object)
    scale_chosen = Signal(float)

    def __init__(self, theme: Theme, *, lang: Lang, scale: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._work: Work | None = None
        self.title = label("", "title")
        self.simulated = label(self.tr("SIMULATED"), "chip")
        self.simulated.hide()
        self.link = label("", "soft")
        self.link.setAccessibleName(self.tr("Connection"))
        self._busy = label("", "soft")
        self._progress = QProgressBar()
        self._progress.setFixedWidth(110)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setObjectName("link")
        self.cancel.clicked.connect(self._stop)
        self.finder = QToolButton()
        self.finder.setText(self.tr("Search actions"))
        self.finder.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.finder.setToolTip(self.tr("Search actions (Ctrl+K)"))
        self.finder.clicked.connect(self.search)
        self.menu_button = QToolButton()
        self.menu_button.setText(self.tr("Settings"))
        self.menu_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self._menu(theme.name, lang, scale))
        for button in (self.finder, self.menu_button):
            button.setObjectName("quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 10, 6)
        row.setSpacing(12)
        row.addWidget(self.title)
        row.addWidget(self.simulated)
        row.addStretch(1)
        right: tuple[QWidget, ...] = (self._busy, self._progress, self.cancel, self.link, self.finder, self.menu_button)
        for widget in right:
            row.addWidget(widget)
        self._show_work(None)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self.finder.setIcon(icons.icon("search", theme))
        self.menu_button.setIcon(icons.icon("settings", theme))

    def show_link(self, words: str, kind: str = "soft") -> None:
        """The connection in words."""
        self.link.setText(words)
        set_kind(self.link, kind)

    def show_slow(self, work: Work) -> None:
        """Work that lasts longer than a blink."""
        self._show_work(work)
        work.moved.connect(self._moved)

    def show_over(self, work: Work) -> None:
        if work is self._work:
            self._show_work(None)

    def _show_work(self, work: Work | None) -> None:
        self._work = work
        self._busy.setText(work.title if work else "")
        self._progress.setRange(0, 0)
        for widget in (self._busy, self._progress, self.cancel):
            widget.setVisible(work is not None)

    def _moved(self, part: float) -> None:
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(part * 1000))

    def _stop(self) -> None:
        if self._work:
            self._work.progress.stop()

    def _menu(self, theme: ThemeName, lang: Lang, scale: float) -> QMenu:
        menu = QMenu(self)
        looks = {
            ThemeName.LIGHT: self.tr("Light"),
            ThemeName.DARK: self.tr("Dark"),
            ThemeName.SUNLIGHT: self.tr("Sunlight"),
        }
        menu.addSection(self.tr("Look"))
        self._choices(menu, [(name, words, name is theme) for name, words in looks.items()], self.theme_chosen)
        menu.addSection(self.tr("Language"))
        tongues = [(Lang.ZH, "简体中文"), (Lang.EN, "English")]
        self._choices(menu, [(one, words, one is lang) for one, words in tongues], self.lang_chosen)
        menu.addSection(self.tr("Size (at the next start)"))
        self._choices(menu, [(s, f"{s:.0%}", s == scale) for s in SCALES], self.scale_chosen)
        return menu

    def _choices(self, menu: QMenu, entries: list[tuple[object, str, bool]], chosen: SignalInstance) -> None:
        group = QActionGroup(menu)
        for value, words, now in entries:
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(now)
            action.triggered.connect(lambda _=False, v=value: chosen.emit(v))
            group.addAction(action)
            menu.addAction(action)
