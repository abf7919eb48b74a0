"""Leads, cases and deadlines, as values."""
