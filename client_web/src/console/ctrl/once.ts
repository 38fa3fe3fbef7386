// A press that may have been lost on the way is pressed again under the same key: the server does it once.
import { uuid } from "../../common/dom";

/** What was pressed, and its key. */
export interface Press {
  readonly said: string;
  readonly key: string;
}

export const NO_PRESS: Press = { said: "", key: "" };

/** The press before if the same is asked again, else a new one. Whoever is answered forgets it. */
export function pressOf(before: Press, body: object): Press {
  const said = JSON.stringify(body);
  return before.key !== "" && before.said === said ? before : { said, key: uuid() };
}
