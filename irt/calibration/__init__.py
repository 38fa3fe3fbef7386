"""Calibration of items by marginal maximum likelihood."""

from irt.calibration._priors import Beta, Lognormal, Priors, Refused

__all__ = ["Beta", "Lognormal", "Priors", "Refused"]
