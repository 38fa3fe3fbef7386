"""Packages of the IMS/1EdTech standard: read in versions 2.0 to 3.0, written in 3.0."""
