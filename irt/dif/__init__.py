"""Differential item functioning: items that are harder for one group than for another of the same ability."""

from irt.dif.logistic import Comparison, LogisticDif, logistic_dif
from irt.dif.lord import LordDif, lord_dif
from irt.dif.mantel import MantelHaenszel, category_of, mantel_haenszel
from irt.dif.matching import theta_strata

__all__ = [
    "Comparison",
    "LogisticDif",
    "LordDif",
    "MantelHaenszel",
    "category_of",
    "logistic_dif",
    "lord_dif",
    "mantel_haenszel",
    "theta_strata",
]
