"""What a snapshot of a WSL machine shows of each setting: what is not as configured, as clauses without a full stop."""
