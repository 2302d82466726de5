"""What a snapshot shows of a Go environment's set-up: facts, and where they come from. They judge nothing."""
