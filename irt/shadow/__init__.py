"""Selection by shadow tests: before each item the best full legal test that contains what was given."""

from irt.shadow.assemble import Assembler, ShadowTest
from irt.shadow.policy import REFRESH, Decision, Memo, Policy, posterior_path, refreshes

__all__ = [
    "REFRESH",
    "Assembler",
    "Decision",
    "Memo",
    "Policy",
    "ShadowTest",
    "posterior_path",
    "refreshes",
]
