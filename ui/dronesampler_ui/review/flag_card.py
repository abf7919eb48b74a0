"""One suspected place with the evidence that made it, and the officer's decision on it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dronesampler_ui.parts import words
from dronesampler_ui.parts.boxes import Figures, card, label, row, set_kind
from dronesampler_ui.values import Decision, Flag, Verdict


class FlagCard(QWidget):
    """Shows a flag; emits accepted or dismissed with the reason."""

    decided = Signal(int, str, str)  # number, verdict, reason

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flag: Flag | None = None
        frame, column = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._title = label("", "title")
        self._figures = Figures(
            {
                "place": self.tr("Place"),
                "height": self.tr("Height"),
                "rate": self.tr("Rate"),
                "seen": self.tr("Seen"),
                "where": self.tr("Uncertainty"),
                "nearest": self.tr("Nearest outlet"),
            }
        )
        self._reasons = label("", "soft", wrap=True)
        self._state = label("", "soft", wrap=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Reason, in one sentence"))
        self.reason.setAccessibleName(self.tr("Reason for the decision"))
        self.accept = QPushButton(self.tr("Accept"))
        self.accept.setObjectName("primary")
        self.accept.setToolTip(self.tr("Make a case of this place: it stays suspected until two officers verified it"))
        self.dismiss = QPushButton(self.tr("Dismiss"))
        self.accept.clicked.connect(lambda: self._decide(Verdict.ACCEPTED))
        self.dismiss.clicked.connect(lambda: self._decide(Verdict.DISMISSED))
        for widget in (self._title, self._figures, self._reasons, self._state, self.reason):
            column.addWidget(widget)
        column.addLayout(row(self.accept, self.dismiss))
        self.hide()

    def show_flag(self, flag: Flag | None, decision: Decision | None = None) -> None:
        """This flag, or none."""
        self._flag = flag
        self.setVisible(flag is not None)
        if flag is None:
            return
        self._title.setText(self.tr("Suspected place S{n}").format(n=flag.number))
        self._figures.show_value("place", words.degrees(flag.lat_deg, flag.lon_deg))
        self._figures.show_value("height", self._height(flag))
        self._figures.show_value("rate", self._rate(flag))
        self._figures.show_value("seen", self.tr("on {n} transects").format(n=flag.transects))
        e = flag.ellipse95
        self._figures.show_value(
            "where", self.tr("95 % within {a:.0f} × {b:.0f} m").format(a=e.major_m, b=e.minor_m) if e else "–"
        )
        near = (
            f"{flag.nearest}, {words.length_m(flag.nearest_m)}" if flag.nearest and flag.nearest_m is not None else "–"
        )
        self._figures.show_value("nearest", near)
        self._reasons.setText("\n".join(f"– {reason}" for reason in flag.reasons))
        self._reasons.setVisible(bool(flag.reasons))
        self._show_decision(self._state, decision)
        self.reason.setText(decision.reason if decision else "")

    def _height(self, flag: Flag) -> str:
        return "–" if flag.height_m is None else self.tr("{h:.0f} m above ground").format(h=flag.height_m)

    def _rate(self, flag: Flag) -> str:
        if flag.rate_g_s is None:
            return "–"
        if flag.rate_low_g_s is None or flag.rate_high_g_s is None:
            return f"{flag.rate_g_s:.2g} g/s"
        return f"{flag.rate_g_s:.2g} g/s ({flag.rate_low_g_s:.2g} – {flag.rate_high_g_s:.2g})"

    def _show_decision(self, state: QLabel, decision: Decision | None) -> None:
        if decision is None:
            state.setText(self.tr("Not decided yet"))
            set_kind(state, "warn")
        elif decision.verdict is Verdict.ACCEPTED:
            state.setText(self.tr("Accepted: it is a case now"))
            set_kind(state, "good")
        else:
            state.setText(self.tr("Dismissed"))
            set_kind(state, "soft")

    def _decide(self, verdict: Verdict) -> None:
        if self._flag is None:
            return
        if not self.reason.text().strip():
            self._state.setText(self.tr("Please write the reason first: it goes into the journal."))
            set_kind(self._state, "danger")
            self.reason.setFocus()
            return
        self.decided.emit(self._flag.number, verdict.value, self.reason.text().strip())
