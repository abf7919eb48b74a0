"""Dated tables: law, methods, limits, holding times; what was valid on a day."""
