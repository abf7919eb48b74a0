"""Leads, cases and deadlines, as values."""

from dronesampler.casework.officers import Officer, why_not_two

__all__ = ["Officer", "why_not_two"]
