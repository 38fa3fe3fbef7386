"""The score report: what one candidate achieved, where on the scale that is, and how sure of it one can be (DC-2)."""
