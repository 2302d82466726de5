"""L2: Go on a target: which SDK, in which environment, with which compiler, and what it builds."""
