"""How often items are seen, and how it is held down: from counts a database can keep to the mask of a session.

Everything is a function of counts and draws; who counts, and when, is the caller's affair. Which tests are
legal is `assembly`'s: the blueprint is law, exposure is a goal.
"""

from irt.exposure.control import Control, Method, SympsonHetter, available, eligibility, sympson_hetter
from irt.exposure.counters import Counters
from irt.exposure.random_part import progressive, progressive_weight, uniforms
from irt.exposure.report import Exposure, exposure, overlap

__all__ = [
    "Control", "Counters", "Exposure", "Method", "SympsonHetter", "available", "eligibility", "exposure", "overlap",
    "progressive", "progressive_weight", "sympson_hetter", "uniforms",
]  # fmt: skip
