"""A rehearsal as files: report.json, one SVG for each chart, and a page with all of it that needs nothing else."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from itembank.rehearsals.figures import Figure, Table, by_cut, conditions, figures, overview, quotas
from itembank.rehearsals.report import Findings, Report, as_json
from server.core.charts import DARK, drawn, standalone
from server.core.i18n import _, language

SHOWN_ROWS = 40
STYLE = """
:root { color-scheme: light dark; }
body { font: 100%/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { overflow-wrap: anywhere; }
.wide { overflow-x: auto; } .wide:focus-visible { outline: 3px solid; outline-offset: 2px; }
svg { display: block; width: 100%; min-width: 36rem; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid; padding: .25rem .75rem; text-align: right; vertical-align: top; }
th:first-child { text-align: left; } .figures td { white-space: nowrap; } .texts td, .texts th { text-align: left; }
@media print {
  body { max-width: none; margin: 0; } h2 { break-after: avoid; } svg, tr { break-inside: avoid; }
  .wide { overflow: visible; } svg { min-width: 0; } details::details-content { content-visibility: visible; }
}
"""


def write(findings: Findings, folder: Path) -> list[Path]:
    """The files that were written; those of an earlier rehearsal in the same folder are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    report, names = as_json(findings), [cut.title for cut in findings.cuts]
    charts = figures(report, names)
    texts = {f"{figure.chart.name}.svg": standalone(drawn(figure.chart)) for figure in charts}
    texts["report.json"] = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    texts["index.html"] = _page(overview(report, findings.source.title), _settings(report, names), charts)
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


def _settings(report: Report, names: list[str]) -> tuple[Table, ...]:
    return conditions(report, names), by_cut(report, names), quotas(report, {})


def _page(table: Table, settings: tuple[Table, ...], charts: tuple[Figure, ...]) -> str:
    setting, *more = settings
    parts = [
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(table.title)}</title>\n<style>{STYLE}{DARK}</style>\n</head>\n<body>\n<main>",
        f"<h1>{escape(table.title)}</h1>",
        _html(setting, "texts"),
        _html(Table(_("What came of it"), table.columns, table.rows)),
        *map(_html, more),
    ]
    for figure in charts:
        name, title = figure.chart.name, figure.table.title
        body = _html(figure.table)
        if len(figure.table.rows) > SHOWN_ROWS:
            fold = escape(_("Table"))
            body = f"<details><summary>{fold}</summary>{body}</details>"
        parts.append(f'<section aria-labelledby="{name}-heading">\n<h2 id="{name}-heading">{escape(title)}</h2>')
        parts.append(f"{_wide(drawn(figure.chart), title)}\n{body}</section>")
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def _html(table: Table, look: str = "figures") -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in table.rows
    )  # fmt: skip
    return _wide(
        f'<table class="{look}">\n<caption>{escape(table.title)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>",
        table.title,
    )


def _wide(body: str, name: str) -> str:
    """What may be wider than the window, and can be scrolled by keyboard."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}">\n{body}\n</div>'
