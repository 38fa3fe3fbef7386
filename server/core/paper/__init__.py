"""Papers as PDF. What stands on one is data (`blocks`), how it is set is `page.typ`; `press` makes the file."""

from server.core.paper.blocks import Paper
from server.core.paper.press import Printed, digest_of, press, press_booklet

__all__ = ["Paper", "Printed", "digest_of", "press", "press_booklet"]
