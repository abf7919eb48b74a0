"""The desktop window: views are given values and emit intents."""
