"""The few things the window remembers: language, look, scale, which workspace, and its layout."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from dronesampler.texts import Lang, system_lang
from dronesampler_ui.theme import ThemeName

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class Settings:
    """An INI file in the data folder, so that a copied folder looks the same on the next computer."""

    def __init__(self, data_dir: Path) -> None:
        self._file = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)

    @property
    def lang(self) -> Lang:
        known = {lang.value: lang for lang in Lang}
        return known.get(str(self._file.value("lang", "")), system_lang())

    @lang.setter
    def lang(self, lang: Lang) -> None:
        self._file.setValue("lang", lang.value)

    @property
    def theme(self) -> ThemeName:
        known = {name.value: name for name in ThemeName}
        return known.get(str(self._file.value("theme", "")), ThemeName.LIGHT)

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._file.setValue("theme", name.value)

    @property
    def scale(self) -> float:
        """Of everything on the screen; takes effect at the next start."""
        try:
            return min(max(float(str(self._file.value("scale", 1.0))), SCALES[0]), SCALES[-1])
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._file.setValue("scale", scale)

    @property
    def workspace(self) -> str:
        return str(self._file.value("workspace", "plan"))

    @workspace.setter
    def workspace(self, key: str) -> None:
        self._file.setValue("workspace", key)

    @property
    def basemap(self) -> str:
        """The MBTiles file that is shown, or nothing."""
        return str(self._file.value("basemap", ""))

    @basemap.setter
    def basemap(self, file: str) -> None:
        self._file.setValue("basemap", file)

    @property
    def tsa(self) -> str:
        """Address of the time stamp authority, or nothing."""
        return str(self._file.value("tsa", ""))

    @tsa.setter
    def tsa(self, url: str) -> None:
        self._file.setValue("tsa", url)

    def layout(self, name: str) -> QByteArray | None:
        value = self._file.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else None

    def keep_layout(self, name: str, state: QByteArray) -> None:
        self._file.setValue(f"layout/{name}", state)

    @property
    def left_in_order(self) -> bool:
        """Whether the last window closed by itself; False after a crash."""
        return str(self._file.value("running", "false")) != "true"

    def begin(self) -> None:
        self._file.setValue("running", "true")
        self._file.sync()

    def end(self) -> None:
        self._file.setValue("running", "false")
        self._file.sync()
