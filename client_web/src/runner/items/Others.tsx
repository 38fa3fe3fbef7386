// Every type of item but choice and entry: these come in a chunk of their own, fetched after the first paint.
import type { VNode } from "preact";
import { Extended } from "./Extended";
import { Menus, Words } from "./Gaps";
import { Hotspot } from "./Hotspot";
import { Matching } from "./Matching";
import { Ordering } from "./Ordering";
import type { ItemProps } from "./props";

export function Others(props: ItemProps): VNode | null {
  switch (props.item.type) {
    case "matching":
      return <Matching {...props} />;
    case "ordering":
      return <Ordering {...props} />;
    case "inline_choice":
      return <Menus {...props} />;
    case "hotspot":
      return <Hotspot {...props} />;
    case "extended_text":
      return <Extended {...props} />;
    case "gap_match":
      return <Words {...props} />;
    default:
      return null;
  }
}
