"""Which language the window speaks, and fonts that can show it."""

from pathlib import Path

import pylopdf_fonts_zh_cn
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from dronesampler.paths import assets_dir
from dronesampler.texts import Lang, Text

CJK_FAMILIES = ("Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC")


class Language:
    """The language now in use, with its translators; lives on the UI thread."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._translators: list[QTranslator] = []
        self._contents: list[bytes] = []  # the translators read in them as long as they are installed
        self.lang = Lang.EN

    def use(self, lang: Lang) -> None:
        """Switch. Widgets that exist already keep their words until they are built anew."""
        for translator in self._translators:
            self._app.removeTranslator(translator)
        self._translators, self._contents = [], []
        self.lang = lang
        QLocale.setDefault(QLocale(lang.value))
        if lang is Lang.ZH:
            shipped = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._install(shipped / "qtbase_zh_CN.qm")
            self._install(assets_dir() / "translations" / "dronesampler_zh_CN.qm")

    def said(self, text: Text) -> str:
        """A sentence of the core in this language."""
        return text.said(self.lang)

    def _install(self, file: Path) -> None:
        """From its bytes: Qt maps a file that it loads by name, and one that is rewritten then ends the process."""
        translator = QTranslator()
        content = file.read_bytes() if file.is_file() else b""
        if translator.load(content):
            self._contents.append(content)
            self._app.installTranslator(translator)
            self._translators.append(translator)


def use_fonts(app: QApplication) -> None:
    """Register the bundled Chinese font and choose a family that shows both languages."""
    QFontDatabase.addApplicationFont(str(pylopdf_fonts_zh_cn.sans_path()))
    known = set(QFontDatabase.families())
    font = app.font()
    font.setFamilies([*(family for family in CJK_FAMILIES if family in known), font.family()])
    app.setFont(font)
