"""Fly: the live patrol, as the session tells it; what the officer asks for goes back as intents."""
