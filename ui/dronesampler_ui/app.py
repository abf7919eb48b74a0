"""Starts the window: language, fonts, look; makes it anew when the language changes."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from dronesampler.texts import Lang
from dronesampler_ui import theme
from dronesampler_ui.collecting import Collecting
from dronesampler_ui.diary import keep_diary
from dronesampler_ui.language import Language, use_fonts
from dronesampler_ui.main_window import MainWindow
from dronesampler_ui.settings import Settings
from dronesampler_ui.theme import ThemeName


class Desktop:
    """The application and its one window."""

    def __init__(self, app: QApplication, data_dir: Path, *, lang: Lang | None = None) -> None:
        self.app = app
        self.settings = Settings(data_dir)
        self._data_dir = data_dir
        self._language = Language(app)
        self._lang = lang or self.settings.lang
        use_fonts(app)
        self.window = self._make()

    def show(self) -> None:
        self.window.show()
        self.window.planning.begin()
        self.window.enter(self.settings.workspace if self.settings.workspace in self.window.workspaces else "review")

    def use_theme(self, name: ThemeName) -> None:
        self.settings.theme = name
        look = theme.THEMES[name]
        theme.apply(self.app, look)
        self.window.set_theme(look)

    def use_lang(self, lang: Lang) -> None:
        """Build the window anew in the other language, where it stood."""
        if lang is self._lang:
            return
        self.settings.lang = self._lang = lang
        before = self.window
        before.close()
        self.window = self._make()
        # Gone before the next one is styled: a style sheet is worked out for every widget that exists.
        before.deleteLater()
        self.app.sendPostedEvents(before, QEvent.Type.DeferredDelete)
        self.show()

    def use_no_lang(self) -> None:
        """Take the translators out again."""
        self._language.use(Lang.EN)

    def _make(self) -> MainWindow:
        look = theme.THEMES[self.settings.theme]
        self._language.use(self._lang)
        theme.apply(self.app, look)
        window = MainWindow(data_dir=self._data_dir, settings=self.settings, look=look, lang=self._lang)
        window.theme_chosen.connect(self.use_theme)
        # Built anew after the menu that asked for it has closed.
        window.lang_chosen.connect(lambda lang: QTimer.singleShot(0, lambda: self.use_lang(lang)))
        return window


def make_application(scale: float = 1.0) -> QApplication:
    """The one QApplication, with a style that looks alike everywhere."""
    if scale != 1.0:
        os.environ.setdefault("QT_SCALE_FACTOR", str(scale))
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("dronesampler")
    app.setStyle("Fusion")
    font = app.font()
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    return app


def main(data_dir: Path, lang: Lang | None = None) -> int:
    """Run the window until it is closed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    app = make_application(Settings(data_dir).scale)
    keep_diary(data_dir)
    desktop = Desktop(app, data_dir, lang=lang)
    in_order = desktop.settings.left_in_order
    desktop.settings.begin()
    desktop.show()
    if not in_order:
        desktop.window.tell_interrupted()
    collecting = Collecting()
    collecting.begin()
    code = app.exec()
    collecting.end()
    desktop.settings.end()
    return code
