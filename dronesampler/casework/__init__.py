"""Leads, cases, samples and their custody, and deadlines, as values and rules; nothing here reads or writes."""

from dronesampler.casework.custody import CUSTODY_SOURCE, Condition, CustodyMode, Handover, Sealing, Span
from dronesampler.casework.holding import Holding, HoldingState
from dronesampler.casework.officers import Officer, why_not_two
from dronesampler.casework.record import SampleRecord, record_of
from dronesampler.casework.results import LabFile, LabResult, Value
from dronesampler.casework.samples import Sample, SampleKind, Trigger, Vessel

__all__ = [
    "CUSTODY_SOURCE",
    "Condition",
    "CustodyMode",
    "Handover",
    "Holding",
    "HoldingState",
    "LabFile",
    "LabResult",
    "Officer",
    "Sample",
    "SampleKind",
    "SampleRecord",
    "Sealing",
    "Span",
    "Trigger",
    "Value",
    "Vessel",
    "record_of",
    "why_not_two",
]
