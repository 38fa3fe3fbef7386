// What each type of item is given to draw itself.
import type { ItemView } from "../../common/wire";
import type { Draft } from "../types";
import type { WorkingArea } from "../working/ctrl";

export const LETTERS = "ABCDEFGH";

export interface ItemProps {
  readonly item: ItemView;
  /** Another name is another item. */
  readonly name: string;
  readonly draft: Draft;
  readonly isLocked: boolean;
  readonly onEdit: (draft: Draft) => void;
  readonly onNext: () => void;
  readonly nextLabel: string;
  /** Where a written text is kept while it is typed; practice keeps none. */
  readonly area?: WorkingArea;
}

/** What stands in each slot so far. */
export function placesOf(draft: Draft): Readonly<Record<string, string>> {
  return draft?.kind === "places" ? draft.places : {};
}
