"""The machine under test: the only layer that starts processes (DESIGN, section 3, "One seam")."""
