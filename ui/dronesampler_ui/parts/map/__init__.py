"""The map: a camera over local metres, layers that paint in pixels, and a view that moves the camera."""
