"""Parallel linear forms out of one pool: for paper, or for those who sit the test on another day."""

from irt.parallel.assemble import Forms, Impossible, lacking, parallel_forms

__all__ = ["Forms", "Impossible", "lacking", "parallel_forms"]
