"""Control of results before release: unusual ones are asked about, and people decide; nothing is decided by figures."""

from server.grading.control.queries import held, may_be_listed

__all__ = ["held", "may_be_listed"]
