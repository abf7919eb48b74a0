"""Values to PDF, SVG map, HTML page; no Qt."""

from dronesampler.report.map_picture import map_picture
from dronesampler.report.page import page_html
from dronesampler.report.pdf import Attachment, ReportFailed, report_pages_png, report_pdf
from dronesampler.report.strip_chart import strip_chart
from dronesampler.report.values import (
    FileFact,
    InstrumentFacts,
    Patrol,
    ReportValues,
    SuspectedPlace,
    near_outlets,
    places_of,
    track_length_m,
)

__all__ = [
    "Attachment",
    "FileFact",
    "InstrumentFacts",
    "Patrol",
    "ReportFailed",
    "ReportValues",
    "SuspectedPlace",
    "map_picture",
    "near_outlets",
    "page_html",
    "places_of",
    "report_pages_png",
    "report_pdf",
    "strip_chart",
    "track_length_m",
]
