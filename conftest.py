"""Nothing at the root on purpose: what the tests share stands beside them, and the suites use public fixtures only."""
