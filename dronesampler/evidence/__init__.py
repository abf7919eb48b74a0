"""Custody, packet, seal, time stamps, verification."""
