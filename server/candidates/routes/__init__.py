"""Pages of admission lists."""

from server.candidates.routes.lists import bp as lists

__all__ = ["lists"]
