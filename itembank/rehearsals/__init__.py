"""Rehearsals: a blueprint, or a pool, is tried on simulated candidates before anybody sits the test."""
