"""A rehearsal as files: report.json, one SVG for each chart, and a page with all of it that needs nothing else."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from server.core.i18n import _, language
from server.jobs.rehearse.report import Figure, Findings, Table, as_json, figures, overview
from server.jobs.rehearse.svg import drawn

SHOWN_ROWS = 40
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid; padding: .25rem .75rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } svg { width: 100%; height: auto; }
"""


def write(findings: Findings, folder: Path) -> list[Path]:
    """The files that were written; those of an earlier rehearsal in the same folder are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    charts = figures(findings)
    texts = {f"{figure.name}.svg": drawn(figure.chart, figure.name) for figure in charts}
    texts["report.json"] = json.dumps(as_json(findings), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    texts["index.html"] = _page(findings, charts)
    written = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def as_text(table: Table) -> str:
    """A table for a terminal."""
    rows = [table.columns, *table.rows]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    lines = ["  ".join(_padded(cell, width, at) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
             for row in table.rows]  # fmt: skip
    return "\n".join([table.title, "─" * max(map(len, lines)), *lines])


def _padded(cell: str, width: int, at: int) -> str:
    return cell.ljust(width) if at == 0 else cell.rjust(width)


def _page(findings: Findings, charts: tuple[Figure, ...]) -> str:
    table = overview(findings)
    # Texts stand outside the f-strings, where the catalogue's extractor finds them.
    seed, fold = _("Seed %(seed)s: the same seed gives the same rehearsal.", seed=findings.seed), _("Table")
    parts = [
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(table.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{escape(table.title)}</h1>",
        f"<p>{escape(seed)}</p>",
        _html(table, table.title),
    ]
    for figure in charts:
        parts.append(f'<section aria-labelledby="{figure.name}-heading">')
        parts.append(f'<h2 id="{figure.name}-heading">{escape(figure.table.title)}</h2>')
        parts.append(drawn(figure.chart, figure.name))
        body = _html(figure.table, figure.table.title)
        if len(figure.table.rows) > SHOWN_ROWS:
            body = f"<details><summary>{escape(fold)}</summary>{body}</details>"
        parts.append(f"{body}</section>")
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _html(table: Table, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in table.rows
    )  # fmt: skip
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )
