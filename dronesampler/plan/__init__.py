"""Park, wind, sampler and batteries to a Mission: patterns, energy and sorties, checks, detectability."""
