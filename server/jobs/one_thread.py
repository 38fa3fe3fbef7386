"""Numerical libraries take one thread in our processes: the matrices are small, more of them only get in the way of
candidates, and one thread makes the same sums in the same order, so that a calibration can be repeated to the bit."""

from __future__ import annotations

import os
import sys

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}


def insist() -> None:
    """This process began with one thread for each; if not, it begins anew, however it was started."""
    if not ONE_THREAD.items() <= os.environ.items():
        os.environ.update(ONE_THREAD)  # too late for what is loaded already, hence
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  no shell, our own arguments
