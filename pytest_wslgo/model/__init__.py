"""Pure values and the parsers that make them from bytes and text; nothing here starts a process (DESIGN, layer 0)."""
