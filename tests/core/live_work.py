"""Work for the process beside a flight, in a module that the process can import: it fails in every way there is."""

import os
import time

from dronesampler.session.feed import Suspects
from dronesampler.session.live_look import FlightSoFar
from dronesampler.texts import Text


def hangs(_: FlightSoFar) -> Suspects:
    time.sleep(1e6)
    raise AssertionError


def dies(_: FlightSoFar) -> Suspects:
    os._exit(7)


def raises(_: FlightSoFar) -> Suspects:
    raise ArithmeticError("no plume")


def largest(flight: FlightSoFar) -> Suspects:
    """What it was given, in figures: the largest value stands for the time."""
    words = Text(flight.instrument, flight.instrument)
    return Suspects(flight.number, float(flight.readings.value_mg_m3.max()), len(flight.readings), (), (), words)
