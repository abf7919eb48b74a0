"""Any view of a workspace as a file or on paper."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from dronesampler.problems import Severity
from dronesampler_ui.parts.picture import Sheet, print_sheet, save_sheet

Sheets = Callable[[], Sheet]


class Exporting(QObject):
    """Asks where to, writes or prints, and says what became of it."""

    def __init__(self, over: QWidget, say: Callable[[str, Severity], None]) -> None:
        super().__init__(over)
        self._over, self._say = over, say

    def menu(self, views: dict[str, tuple[str, Sheets]]) -> QMenu:
        """Each view (key: name and sheet) as a file and on paper."""
        menu = QMenu(self._over)
        for key, (name, sheet) in views.items():
            action = menu.addAction(self.tr("{view} as a file…").format(view=name))
            action.triggered.connect(lambda _=False, k=key, s=sheet: self.ask_file(k, s))
        menu.addSeparator()
        for name, sheet in views.values():
            action = menu.addAction(self.tr("Print: {view}…").format(view=name))
            action.triggered.connect(lambda _=False, s=sheet: self.ask_printer(s))
        return menu

    def ask_file(self, key: str, sheet: Sheets) -> None:
        """Choose a file and write the view as it is shown."""
        name, _ = QFileDialog.getSaveFileName(
            self._over,
            self.tr("Export this view"),
            f"dronesampler-{key}.png",
            "PNG (*.png);;SVG (*.svg);;PDF (*.pdf)",
        )
        if name:
            self.write(sheet(), Path(name))

    def write(self, sheet: Sheet, path: Path) -> None:
        """Write, and say so."""
        try:
            save_sheet(sheet, path)
        except OSError as error:
            self._say(self.tr("Not written: {why}").format(why=error), Severity.ERROR)
            return
        self._say(self.tr("Written: {file}").format(file=path), Severity.NOTE)

    def ask_printer(self, sheet: Sheets) -> None:
        """Choose a printer and print the view on one page."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._over)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(sheet(), printer)

    def print_on(self, sheet: Sheet, printer: QPrinter) -> None:
        try:
            print_sheet(sheet, printer)
        except OSError as error:
            self._say(self.tr("Not printed: {why}").format(why=error), Severity.ERROR)
