"""dronesampler: the core. No Qt; everything the program does can be done from here, headless."""

__version__ = "0.1.0"
