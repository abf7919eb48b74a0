"""Missions as frozen values, and mission files of other programs, in and out."""

from dronesampler.mission.mission import Circle, Command, Fence, Frame, Item, Mission, PolygonFence

__all__ = ["Circle", "Command", "Fence", "Frame", "Item", "Mission", "PolygonFence"]
