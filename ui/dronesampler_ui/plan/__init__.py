"""Plan: a park, a pattern and the wind become a mission that is checked before anyone flies it."""
