"""Outputs that the sampler's pump or valve may hang on, and the values that switch them."""

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox

from dronesampler.events import Autopilot

SERVO_ON_US, SERVO_OFF_US = 1900.0, 1100.0
FIRST_SERVO = 9  # the first ones drive the motors


@dataclass(frozen=True, slots=True)
class Output:
    """Where the sampler's pump or valve hangs: a relay, or a servo or actuator output."""

    number: int
    relay: bool

    def switched(self, on: bool, stack: Autopilot) -> tuple[int, bool, float]:
        """Output, relay and value of the intent: an ArduPilot servo takes microseconds, a PX4 actuator -1 to 1."""
        if self.relay:
            return self.number, True, float(on)
        if stack is Autopilot.PX4:
            return self.number, False, 1.0 if on else -1.0
        return self.number, False, SERVO_ON_US if on else SERVO_OFF_US


FIRST_RELAY = Output(0, True)


def outputs_of(stack: Autopilot) -> tuple[Output, ...]:
    """What may be chosen."""
    if stack is Autopilot.PX4:
        return tuple(Output(n, False) for n in range(1, 7))
    servos = tuple(Output(n, False) for n in range(FIRST_SERVO, FIRST_SERVO + 6))
    return (*(Output(n, True) for n in range(4)), *servos)


class OutputChoice(QComboBox):
    """One of the outputs that the vehicle's stack has; the data of an item is its `Output`."""

    def __init__(self, name: str) -> None:
        """`name` is what a screen reader says."""
        super().__init__()
        self.setAccessibleName(name)
        self._stack: Autopilot | None = None
        self.show_of(Autopilot.ARDUPILOT)

    def show_of(self, stack: Autopilot) -> None:
        """Outputs as this stack has them; what is chosen stays while the stack does."""
        if stack is self._stack:
            return
        self._stack = stack
        self.clear()
        for one in outputs_of(stack):
            actuator = self.tr("Actuator {n}") if stack is Autopilot.PX4 else self.tr("Servo {n}")
            words = self.tr("Relay {n}") if one.relay else actuator
            self.addItem(words.format(n=one.number + one.relay), one)
