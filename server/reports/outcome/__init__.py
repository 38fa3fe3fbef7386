"""The outcome of a session: readiness, progress, who failed, was not admitted or absent, the order (CS-10 to CS-16)."""
