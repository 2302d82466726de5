"""What a WSL of each kind looks like, assembled from recorded pieces, and what the book says of it (README.md)."""
