"""Whole Linux userlands beside the target: by a container engine, or from a root file system without any engine."""
