"""A room from above as SVG, to scale: walls, board, door, aisles, pillars, numbered seats, and pairs that break a rule.

Pure: words come in translated. One unit is a centimetre. Colours are attributes, for pages allow no inline styles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from proctor.rooms.geometry import DESK_DEPTH_MM, SEAT_WIDTH_MM, Outline, Rect

CM = 10  # millimetres
METRE, RULER, EDGE = 100, 60, 12
BROKEN = 'class="s1" color="#b25000"'
INK, SOFT = 'class="ink" color="#0d1117"', 'class="soft" color="#47505a"'
TAKEN, FREE = "#e8eef6", "#ffffff"
BOARD_MM, TABLE_MM = 2400, (1200, 600)
KEPT = "✱"


@dataclass(frozen=True)
class Spot:
    """A seat: its place in metres, what stands on it, and how it is read out."""

    id: int
    number: str
    x_m: float
    y_m: float
    words: str
    line: str = ""
    session_id: int | None = None
    is_kept: bool = False


@dataclass(frozen=True)
class Link:
    """Two seats that stand or are taken against a rule, and what is written between them."""

    one: str
    other: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that is drawn. A template shows it by naming it."""

    title: str
    description: str
    metre: str
    width_m: float
    depth_m: float
    spots: Sequence[Spot]
    outline: Outline | None = None
    links: Sequence[Link] = ()

    def __html__(self) -> str:
        return drawn(self)


def drawn(sheet: Sheet) -> str:
    """The sheet as an SVG element."""
    wide, deep = round(sheet.width_m * METRE), round(sheet.depth_m * METRE)
    box = (-EDGE, -EDGE, wide + 2 * EDGE, deep + RULER + 2 * EDGE)
    return "\n".join([
        f'<svg class="room-plan" viewBox="{" ".join(map(str, box))}" width="{box[2]}" height="{box[3]}" role="img" '
        'aria-labelledby="plan-title plan-desc">',
        f'<title id="plan-title">{escape(sheet.title)}</title>',
        f'<desc id="plan-desc">{escape(sheet.description)}</desc>',
        f'<rect {INK} x="0" y="0" width="{wide}" height="{deep}" fill="none" stroke="currentColor" stroke-width="4"/>',
        *(_room(sheet.outline) if sheet.outline else _table(wide)),
        *(part for spot in sheet.spots for part in _seat(spot, sheet.outline)),
        *_links(sheet),
        *_ruler(deep, sheet.metre),
        "</svg>",
    ])  # fmt: skip


def _room(outline: Outline) -> Iterator[str]:
    for each in outline.obstacles:
        fill = 'fill="currentColor"' if each.kind == "pillar" else 'fill="none" stroke-dasharray="8 6"'
        look = INK if each.kind == "pillar" else SOFT
        yield f'<rect {look} data-obstacle="{each.kind}" {_sides(each.rect)} {fill} stroke="currentColor"/>'
    door = outline.door_rect()
    across = outline.door in ("front", "back")
    x, y = door.x / CM, door.y / CM
    wall_x = outline.width_mm / CM if outline.door == "right" else x
    wall_y = outline.depth_mm / CM if outline.door == "back" else y
    run = f"h{outline.door_mm / CM:g}" if across else f"v{outline.door_mm / CM:g}"
    yield f'<rect {SOFT} data-door {_sides(door)} fill="none" stroke="currentColor" stroke-dasharray="2 5"/>'
    yield f'<path color="{FREE}" stroke="currentColor" stroke-width="8" d="M{wall_x:g} {wall_y:g}{run}"/>'
    swing = -outline.door_mm / CM if outline.door in ("back", "right") else outline.door_mm / CM
    leaf = f"v{swing:g}" if across else f"h{swing:g}"
    yield f'<path {INK} fill="none" stroke="currentColor" stroke-width="3" d="M{wall_x:g} {wall_y:g}{leaf}"/>'
    yield from _board(outline)


def _board(outline: Outline) -> Iterator[str]:
    wide, deep = outline.width_mm, outline.depth_mm
    is_across = outline.board in ("front", "back")
    long = min(BOARD_MM, wide if is_across else deep)
    table_wide, table_deep = TABLE_MM if is_across else TABLE_MM[::-1]
    middle_x, middle_y = wide // 2, deep // 2
    at = {"front": (middle_x, 0), "back": (middle_x, deep), "left": (0, middle_y), "right": (wide, middle_y)}
    x, y = at[outline.board]
    inside = {"front": (x, 700), "back": (x, deep - 700), "left": (700, y), "right": (wide - 700, y)}[outline.board]
    begin = (x - long // 2, y) if is_across else (x, y - long // 2)
    run = f"h{long / CM:g}" if is_across else f"v{long / CM:g}"
    yield (f'<path {INK} data-board stroke="currentColor" stroke-width="12" '
           f'd="M{begin[0] / CM:g} {begin[1] / CM:g}{run}"/>')  # fmt: skip
    table = Rect(inside[0] - table_wide // 2, inside[1] - table_deep // 2, table_wide, table_deep)
    yield f'<rect {SOFT} {_sides(table)} fill="none" stroke="currentColor" stroke-dasharray="6 4"/>'


def _table(wide: int) -> Iterator[str]:
    yield (f'<rect {SOFT} x="{wide // 2 - 60}" y="8" width="120" height="22" fill="none" stroke="currentColor" '
           'stroke-dasharray="6 4"/>')  # fmt: skip


def _seat(spot: Spot, outline: Outline | None) -> Iterator[str]:
    x, y = round(spot.x_m * METRE, 1), round(spot.y_m * METRE, 1)
    wide, deep = SEAT_WIDTH_MM / CM, DESK_DEPTH_MM / CM
    if outline and outline.board in ("left", "right"):
        wide, deep = deep, wide
    who = f' data-session="{spot.session_id}"' if spot.session_id else ""
    kept = " data-kept" if spot.is_kept else ""
    yield (f'<g class="room-plan__seat" id="seat-{spot.id}" data-seat="{spot.id}" data-x="{x:g}" data-y="{y:g}"'
           f'{who}{kept} data-words="{escape(spot.words)}">')  # fmt: skip
    yield (f'<rect {INK} x="{x - wide / 2:g}" y="{y - deep / 2:g}" width="{wide:g}" height="{deep:g}" rx="4" '
           f'fill="{TAKEN if spot.session_id else FREE}" stroke="currentColor"/>')  # fmt: skip
    number = f"{spot.number}{' ' + KEPT if spot.is_kept else ''}"
    yield _text(number, x, y + (-2 if spot.line else 7), 20, ' font-weight="700"')
    if spot.line:
        yield _text(spot.line, x, y + 15, 9)
    yield "</g>"


def _links(sheet: Sheet) -> Iterator[str]:
    at = {spot.number: (spot.x_m * METRE, spot.y_m * METRE) for spot in sheet.spots}
    for link in sheet.links:
        (x, y), (x2, y2) = at[link.one], at[link.other]
        yield (f'<line {BROKEN} data-link="{link.one} {link.other}" stroke="currentColor" stroke-width="5" '
               f'x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" stroke-opacity=".75"/>')  # fmt: skip
        if link.words:
            yield _text(link.words, (x + x2) / 2, (y + y2) / 2 - 6, 15, ' font-weight="700"', BROKEN)


def _ruler(deep: int, words: str) -> Iterator[str]:
    y = deep + 30
    yield (f'<path {INK} d="M 20 {y} h {METRE} m -{METRE} -6 v 12 m {METRE} -12 v 12" fill="none" '
           'stroke="currentColor" stroke-width="2"/>')  # fmt: skip
    yield _text(words, 70, y + 25, 18)


def _text(words: str, x: float, y: float, size: int, more: str = "", look: str = INK) -> str:
    return (f'<text {look} x="{x:g}" y="{y:g}" font-size="{size}"{more} text-anchor="middle" '
            f'fill="currentColor">{escape(words)}</text>')  # fmt: skip


def _sides(rect: Rect) -> str:
    return (f'x="{rect.x / CM:g}" y="{rect.y / CM:g}" width="{rect.width / CM:g}" '
            f'height="{rect.depth / CM:g}"')  # fmt: skip
