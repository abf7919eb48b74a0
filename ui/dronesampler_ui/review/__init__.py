"""Review: what was flown, what was read, and which places are suspected, with the evidence."""
