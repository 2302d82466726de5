"""What a snapshot shows of a Go environment's set-up: facts with the story of where they come from. They judge nothing."""
