"""One thread for every library, set before numpy is imported, and what the figures were measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "RAYON", "NUMBA")}
os.environ.update(ONE_THREAD)


def machine(*packages: str) -> dict[str, Any]:
    """The processor, and the versions of Python, numpy, scipy and these packages."""
    with open("/proc/cpuinfo") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    found = {"cpu": names[0] if names else platform.processor(), "cores": os.cpu_count(), "threads": 1,
             "python": platform.python_version()}  # fmt: skip
    return found | {name: version(name) for name in ("numpy", "scipy", *packages)}
