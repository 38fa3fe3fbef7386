"""QR codes as SVG; the only importer of segno."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(text: str, *, is_sized: bool = True) -> str:
    """The code of `text`, error correction M, a border of two modules; the same text gives the same bytes.

    Sized, a module is a unit; else it fills the box that it is put in."""
    drawn = BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgclass=None, border=2, omitsize=not is_sized)
    return drawn.getvalue().decode()
