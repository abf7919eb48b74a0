"""Below the map: what may be asked of the aircraft, and the concentration of the last minutes."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dronesampler.columns import Readings
from dronesampler_ui.fly.buttons import FlightButtons
from dronesampler_ui.parts.chart import StripChart, Trace
from dronesampler_ui.theme import Theme

LAST_S = 300.0


class FlyFoot(QWidget):
    """Buttons and chart."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.buttons = FlightButtons(theme)
        self.chart = StripChart(theme)
        self.chart.empty_words = self.tr("Readings appear here while flying")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.buttons)
        box.addWidget(self.chart, 1)

    def set_theme(self, theme: Theme) -> None:
        self.buttons.set_theme(theme)
        self.chart.set_theme(theme)

    def show_readings(self, readings: Readings | None) -> None:
        """The last minutes of them; None leaves what is shown."""
        if readings is None:
            return
        name = readings.quantity or self.tr("Reading")
        trace = Trace(name, readings.time_s, readings.value_mg_m3, "accent", filled=True)
        self.chart.show_traces([trace], whole=False)
        end = float(readings.time_s[-1])
        self.chart.show_range(end - LAST_S, end + LAST_S * 0.02)
