"""A pool, its blueprint and its rules are tried on simulated candidates before anybody sits the test."""
