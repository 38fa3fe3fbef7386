"""What a calibration run calculates: answers in, findings of the whole and of each item out. No database."""

from itembank.calibrations.analysis.material import Column, Known, Material
from itembank.calibrations.analysis.run import Found, Options, Whole, calculate

__all__ = ["Column", "Found", "Known", "Material", "Options", "Whole", "calculate"]
