"""A live patrol: ports, clock, live state, recorder, in a process of its own."""
