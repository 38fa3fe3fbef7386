// The drawing as data: strokes on a sheet, what was undone and can be redone. Pure; the sheet is drawn elsewhere.

/** x and y of each point in turn. */
export type Stroke = readonly number[];
export type Strokes = readonly Stroke[];
export type Point = readonly [number, number];

export interface Drawing {
  readonly strokes: Strokes;
  readonly past: readonly Strokes[];
  readonly future: readonly Strokes[];
}

export const WIDTH = 1000;
export const HEIGHT = 600;
/** The squares of the paper. */
export const SQUARE = 25;
const BLANK: Strokes = [];
/** How near a line has to be to be rubbed out. */
const REACH = 14;
/** How far from the true line a simplified one may run: less than half the width of the pen. */
const TOLERANCE = 1.2;
const UNDO_STEPS = 100;
const MOST_NUMBERS = 4000;

export const drawingOf = (strokes: Strokes): Drawing => ({ strokes, past: [], future: [] });
export const EMPTY_DRAWING = drawingOf(BLANK);

function change(drawing: Drawing, strokes: Strokes): Drawing {
  return { strokes, past: [...drawing.past, drawing.strokes].slice(-UNDO_STEPS), future: [] };
}

/** The point on the sheet, in whole units. */
export function onSheet(x: number, y: number): Point {
  return [within(x, WIDTH), within(y, HEIGHT)];
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(value)));
}

/** A stroke through the points is added; a mere touch leaves a dot. */
export function add(drawing: Drawing, points: readonly Point[]): Drawing {
  const [first] = points;
  if (!first) return drawing;
  const kept = points.length === 1 ? [first, first] : simplified(points);
  return change(drawing, [...drawing.strokes, kept.flat().slice(0, MOST_NUMBERS)]);
}

/** Every stroke that passes near the way from `from` to `at` is rubbed out, whole: a fast hand skips no line. */
export function eraseAt(drawing: Drawing, at: Point, from: Point = at): Drawing {
  const strokes = drawing.strokes.filter((stroke) => distance(stroke, from, at) > REACH);
  return strokes.length === drawing.strokes.length ? drawing : change(drawing, strokes);
}

export function clear(drawing: Drawing): Drawing {
  return drawing.strokes.length ? change(drawing, BLANK) : drawing;
}

export function undo({ strokes, past, future }: Drawing): Drawing {
  const last = past.at(-1);
  return last ? { strokes: last, past: past.slice(0, -1), future: [strokes, ...future] } : { strokes, past, future };
}

export function redo({ strokes, past, future }: Drawing): Drawing {
  const [next, ...rest] = future;
  return next ? { strokes: next, past: [...past, strokes], future: rest } : { strokes, past, future };
}

/** What was rubbed out in one movement is undone in one step: the steps since `before` become one. */
export function joined(before: Drawing, after: Drawing): Drawing {
  return before.strokes === after.strokes ? before : change(before, after.strokes);
}

/** The stroke as the `d` of an SVG path. */
export function pathOf(stroke: Stroke): string {
  return stroke.reduce((path, value, n) => path + (n === 0 ? "M" : n % 2 ? " " : "L") + value, "");
}

/** The points without those a straight line replaces as well (Ramer, Douglas and Peucker). */
export function simplified(points: readonly Point[], tolerance = TOLERANCE): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return points;
  let [farthest, at] = [0, 0];
  for (const [n, point] of points.entries()) {
    const off = fromSegment(point, first, last);
    if (off > farthest) [farthest, at] = [off, n];
  }
  if (farthest <= tolerance) return [first, last];
  return [...simplified(points.slice(0, at + 1), tolerance).slice(0, -1), ...simplified(points.slice(at), tolerance)];
}

/** How near the stroke comes to the way between two points; nothing where they cross. */
function distance(stroke: Stroke, from: Point, to: Point): number {
  let nearest = Infinity;
  for (let n = 0; n + 3 < stroke.length; n += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = stroke.slice(n, n + 4);
    const [a, b]: [Point, Point] = [[ax, ay], [bx, by]];
    if (side(a, b, from) * side(a, b, to) < 0 && side(from, to, a) * side(from, to, b) < 0) return 0;
    nearest = Math.min(nearest, fromSegment(from, a, b), fromSegment(to, a, b), fromSegment(a, from, to), fromSegment(b, from, to));
  }
  return nearest;
}

/** On which side of the line from `a` to `b` the point lies, by its sign. */
function side([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}

function fromSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
