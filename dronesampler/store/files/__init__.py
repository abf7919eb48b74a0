"""Readings as files for other programs: CSV, GeoJSON, KML, GPX and Parquet, each row with its mark if simulated."""

from dronesampler.store.files.rows import COLUMNS, Cells, cells
from dronesampler.store.files.write import FORMATS, write

__all__ = ["COLUMNS", "FORMATS", "Cells", "cells", "write"]
