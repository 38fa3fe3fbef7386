"""Rescoring: what was found wrong is corrected for everybody it concerns, as a new version of each result (DC-28)."""

from server.grading.rescoring.applying import apply
from server.grading.rescoring.in_force import corrections_in_force, corrections_then
from server.grading.rescoring.queries import EffectRef, effect_of, open_among
from server.grading.rescoring.service import Cause, propose

__all__ = ["Cause", "EffectRef", "apply", "corrections_in_force", "corrections_then", "effect_of", "open_among",
           "propose"]
