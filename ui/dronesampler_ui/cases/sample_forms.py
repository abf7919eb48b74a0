"""The four forms of a sample: taken, handed over, sealed, and what the laboratory found."""

from dronesampler.casework import Condition, CustodyMode, SampleKind, Vessel
from dronesampler.texts import Lang
from dronesampler_ui.cases.entry_form import EntryForm, Field
from dronesampler_ui.cases.sampling import CaseSamples

WHEN = "2026-11-22 09:30:00"


class TakenForm(EntryForm):
    """A sample of the patrol."""

    def __init__(self, lang: Lang) -> None:
        super().__init__("taken")
        self.lay_out(
            self.tr("New sample"),
            [
                Field("vessel", self.tr("Vessel"), choices=[(v.value, v.word.said(lang)) for v in Vessel]),
                Field("kind", self.tr("Kind"), choices=[(k.value, k.word.said(lang)) for k in SampleKind]),
                Field("started", self.tr("Valve opened"), WHEN),
                Field("stopped", self.tr("Valve shut"), WHEN),
                Field("volume", self.tr("Volume, litres")),
                Field("flow", self.tr("Flow, litres a minute")),
                Field("vacuum_before", self.tr("Vacuum before, kPa")),
                Field("vacuum_after", self.tr("Vacuum after, kPa")),
                Field("method", self.tr("To be analysed by"), choices=[("", "")], free=True),
                Field("analytes", self.tr("Analytes"), "NMHC; CH4"),
                Field("seal", self.tr("Seal number")),
                Field("duplicate_of", self.tr("Duplicate of")),
                Field("officers", self.tr("Taken by (name:certificate; …)"), wide=True),
                Field("note", self.tr("Note"), wide=True),
            ],
        )

    def offer(self, samples: CaseSamples) -> None:
        """Methods to choose from."""
        method = self.inputs["method"]
        if hasattr(method, "clear") and hasattr(method, "addItem"):
            method.clear()
            for name in ("", *samples.methods):
                method.addItem(name, name)


class HandedForm(EntryForm):
    """From one hand to another."""

    def __init__(self, lang: Lang) -> None:
        super().__init__("handed")
        modes = [(m.value, m.word.said(lang)) for m in CustodyMode]
        answers = [("", "–"), ("yes", self.tr("yes")), ("no", self.tr("no"))]
        self.lay_out(
            self.tr("Hand over"),
            [
                Field("receiver", self.tr("Received by")),
                Field("received", self.tr("Received at"), WHEN),
                Field("released", self.tr("Given away at (if earlier)"), WHEN),
                Field("mode", self.tr("Kept from then on"), choices=modes),
                Field("giver", self.tr("Given by")),
                Field("place", self.tr("Place")),
                Field("transit", self.tr("Under way"), choices=[("", "–"), *modes]),
                Field("condition", self.tr("Condition"), choices=[(c.value, c.word.said(lang)) for c in Condition]),
                Field("seal", self.tr("Seal as read")),
                Field("intact", self.tr("Seal intact?"), choices=answers),
                Field("temperature", self.tr("Temperature, °C")),
                Field("witness", self.tr("Witness")),
                Field("note", self.tr("Note"), wide=True),
            ],
        )


class SealedForm(EntryForm):
    """A seal was put on, or changed for another."""

    def __init__(self) -> None:
        super().__init__("sealed")
        self.lay_out(
            self.tr("New seal"),
            [
                Field("seal", self.tr("Seal number")),
                Field("at", self.tr("At"), WHEN),
                Field("by", self.tr("Put on by")),
                Field("witness", self.tr("Second person (needed to change a seal)")),
                Field("reason", self.tr("Reason"), wide=True),
            ],
        )


class ResultForm(EntryForm):
    """What the laboratory found, and its file as received."""

    def __init__(self) -> None:
        super().__init__("result")
        self.lay_out(
            self.tr("Laboratory result"),
            [
                Field("files", self.tr("Files as received"), self.tr("drop a file here, or write its path"), wide=True),
                Field("laboratory", self.tr("Laboratory")),
                Field("report", self.tr("Report number")),
                Field("values", self.tr("Values"), "NMHC=12.4 mg/m3 0.07; 苯=<0.003 mg/m3", wide=True),
                Field("method", self.tr("Analysed by method")),
                Field("analysed", self.tr("Analysis began"), WHEN),
                Field("by", self.tr("Entered by")),
                Field("received", self.tr("Result received"), WHEN),
                Field("corrects", self.tr("Corrects entry")),
                Field("why", self.tr("Why")),
            ],
        )
