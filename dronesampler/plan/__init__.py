"""Park, wind, sampler and batteries to a mission: patterns, energy and sorties, checks, detectability."""

from dronesampler.plan.aircraft import Aircraft, Sampler, read_aircraft
from dronesampler.plan.make import Plan, make_plan, planned
from dronesampler.plan.pattern import Parameter, Pattern
from dronesampler.plan.patterns import PATTERNS

__all__ = ["PATTERNS", "Aircraft", "Parameter", "Pattern", "Plan", "Sampler", "make_plan", "planned", "read_aircraft"]
