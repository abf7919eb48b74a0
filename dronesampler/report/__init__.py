"""Values to PDF, SVG map, HTML page; no Qt."""
