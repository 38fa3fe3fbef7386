import { describe, expect, it } from "vitest";
import { EMPTY_DRAWING, HEIGHT, WIDTH, add, clear, drawingOf, eraseAt, joined, onSheet, pathOf, redo, simplified, undo, type Point } from "../../src/runner/working/drawing";

const LINE: readonly Point[] = [[0, 0], [100, 0]];
const BELOW: readonly Point[] = [[0, 200], [100, 200]];

describe("the drawing", () => {
  it("keeps each stroke as its points in turn", () => {
    expect(add(EMPTY_DRAWING, LINE).strokes).toEqual([[0, 0, 100, 0]]);
    expect(add(EMPTY_DRAWING, [[7, 8]]).strokes).toEqual([[7, 8, 7, 8]]); // a dot
    expect(add(EMPTY_DRAWING, [])).toBe(EMPTY_DRAWING);
  });

  it("rubs out the whole of every stroke the eraser meets, and no other", () => {
    const two = add(add(EMPTY_DRAWING, LINE), BELOW);
    expect(eraseAt(two, [50, 10]).strokes).toEqual([[0, 200, 100, 200]]);
    expect(eraseAt(two, [50, 100])).toBe(two);
    expect(eraseAt(two, [130, 0])).toBe(two); // beyond its end
    expect(eraseAt(add(EMPTY_DRAWING, [[7, 8]]), [8, 8]).strokes).toEqual([]);
  });

  it("goes back and forth, and forgets what was undone when something new is drawn", () => {
    const two = add(add(EMPTY_DRAWING, LINE), BELOW);
    const one = undo(two);
    expect(one.strokes).toHaveLength(1);
    expect(redo(one).strokes).toEqual(two.strokes);
    expect(undo(undo(undo(two))).strokes).toEqual([]);
    expect(redo(redo(redo(undo(undo(two))))).strokes).toEqual(two.strokes);
    expect(redo(add(one, LINE)).strokes).toHaveLength(2);
    expect(undo(clear(two)).strokes).toEqual(two.strokes);
    expect(clear(EMPTY_DRAWING)).toBe(EMPTY_DRAWING);
  });

  it("undoes one sweep of the eraser in one step", () => {
    const two = add(add(EMPTY_DRAWING, LINE), BELOW);
    const first = joined(two, eraseAt(two, [50, 0]));
    const both = joined(two, eraseAt(first, [50, 200]));
    expect(both.strokes).toEqual([]);
    expect(undo(both).strokes).toEqual(two.strokes);
  });

  it("leaves out points that a straight line replaces", () => {
    const straight = Array.from({ length: 101 }, (_none, n): Point => [n, n]);
    expect(simplified(straight)).toEqual([[0, 0], [100, 100]]);
    const corner: Point[] = [[0, 0], [50, 1], [100, 0], [100, 100]];
    expect(simplified(corner)).toEqual([[0, 0], [100, 0], [100, 100]]);
    const round = Array.from({ length: 361 }, (_none, n): Point => onSheet(500 + 200 * Math.cos((n * Math.PI) / 180), 300 + 200 * Math.sin((n * Math.PI) / 180)));
    const kept = simplified(round);
    expect(kept.length).toBeLessThan(60);
    for (const [x, y] of kept) expect(Math.hypot(x - 500, y - 300)).toBeCloseTo(200, -1);
  });

  it("stays on the sheet, in whole units", () => {
    expect(onSheet(-5, 3.6)).toEqual([0, 4]);
    expect(onSheet(5000, 5000)).toEqual([WIDTH, HEIGHT]);
  });

  it("is a path of SVG", () => {
    expect(pathOf([0, 1, 20, 30, 4, 5])).toBe("M0 1L20 30L4 5");
    expect(undo(drawingOf([[1, 2, 3, 4]])).strokes).toHaveLength(1);
  });
});
