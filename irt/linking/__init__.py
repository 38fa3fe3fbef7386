"""Linking: two calibrations of common items put on one scale, with the error of doing so."""

from irt.linking.anchors import Linking, Method, anchor_z, link, link_robustly, with_jackknife
from irt.linking.curves import ThetaWeights
from irt.linking.moments import robust_z
from irt.linking.parameters import covariances, parameters, with_parameters
from irt.linking.scale import Link

__all__ = [
    "Link",
    "Linking",
    "Method",
    "ThetaWeights",
    "anchor_z",
    "covariances",
    "link",
    "link_robustly",
    "parameters",
    "robust_z",
    "with_jackknife",
    "with_parameters",
]
