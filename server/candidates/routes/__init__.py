"""Pages of admission lists, and of conditions of candidates."""

from server.candidates.routes.conditions import bp as conditions
from server.candidates.routes.lists import bp as lists

__all__ = ["conditions", "lists"]
