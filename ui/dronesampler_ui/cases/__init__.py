"""Cases: accepted places with their story, and the evidence packets made of their patrols."""
