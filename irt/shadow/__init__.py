"""Selection by shadow tests: before each item the best full legal test that contains what was given."""

from irt.shadow.assemble import Assembler, ShadowTest
from irt.shadow.policy import Decision, Live, Memo, Policy, posterior_path, refreshes

__all__ = ["Assembler", "Decision", "Live", "Memo", "Policy", "ShadowTest", "posterior_path", "refreshes"]
