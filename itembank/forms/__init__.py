"""Linear forms assembled out of a pool, for paper or for those who sit the test on another day."""
