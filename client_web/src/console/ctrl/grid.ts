// Moving over the seating plan with the keyboard: a step goes to the nearest seat in its direction.
import type { SeatView } from "../../common/wire";

type Place = Pick<SeatView, "seat_id" | "row" | "col">;

/** Reading order: row by row. */
export function inOrder<P extends Place>(seats: readonly P[]): P[] {
  return [...seats].sort((one, other) => one.row - other.row || one.col - other.col);
}

/** The seat that `key` leads to from `from_id`; `from_id` itself at an edge, null if the key is no step. */
export function stepTo(seats: readonly Place[], from_id: number, key: string, isCtrl = false): number | null {
  const ordered = inOrder(seats);
  const from = ordered.find((seat) => seat.seat_id === from_id) ?? ordered[0];
  if (!from) return null;
  const row = ordered.filter((seat) => seat.row === from.row);
  const ends = isCtrl ? ordered : row;
  switch (key) {
    case "ArrowLeft":
      return (row.filter((seat) => seat.col < from.col).at(-1) ?? from).seat_id;
    case "ArrowRight":
      return (row.find((seat) => seat.col > from.col) ?? from).seat_id;
    case "ArrowUp":
      return across(ordered.filter((seat) => seat.row < from.row).reverse(), from).seat_id;
    case "ArrowDown":
      return across(ordered.filter((seat) => seat.row > from.row), from).seat_id;
    case "Home":
      return (ends[0] ?? from).seat_id;
    case "End":
      return (ends.at(-1) ?? from).seat_id;
    default:
      return null;
  }
}

/** Of the nearest row with seats, the one nearest to the column. */
function across(beyond: readonly Place[], from: Place): Place {
  const row = beyond.filter((seat) => seat.row === beyond[0]?.row);
  const distance = (seat: Place) => Math.abs(seat.col - from.col);
  return row.reduce<Place | null>((best, seat) => (best && distance(best) <= distance(seat) ? best : seat), null) ?? from;
}
