"""Work for the process beside a flight, in a module that the process can import: it fails in every way there is."""

import os
import time

from dronesampler.session.feed import Suspects
from dronesampler.session.live_look import FlightSoFar


def hangs(_: FlightSoFar) -> Suspects:
    time.sleep(1e6)
    raise AssertionError


def dies(_: FlightSoFar) -> Suspects:
    os._exit(7)


def raises(_: FlightSoFar) -> Suspects:
    raise ArithmeticError("no plume")
