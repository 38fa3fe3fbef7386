// A figure of the item: the picture with its text alternative, and its description for whoever opens it.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";
import type { FigureView } from "../../common/wire";
import "./figures.scss";

const AGAIN_MS = 3000;
/** Where the bytes of figures are; the item editor has its own. */
export const source = { path: "/exam/media/" };

export function Figure({ figure }: { figure: FigureView }): VNode {
  return (
    <>
      <Picture figure={figure} />
      {figure.description.length > 0 && (
        <details class="figure__more">
          <summary>{_("Description of the figure")}</summary>
          <RichText content={figure.description} />
        </details>
      )}
    </>
  );
}

/** The picture alone. One that did not come is asked for until it does: the network may be away for a while. */
export function Picture({ figure }: { figure: FigureView }): VNode {
  const [tries, setTries] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (!hasFailed) return;
    const timer = setTimeout(() => {
      setFailed(false);
      setTries(tries + 1);
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [hasFailed]);
  return (
    <span class="figure">
      <img
        class="figure__picture"
        src={`${source.path}${figure.digest}${tries ? `?again=${tries}` : ""}`}
        width={figure.width}
        height={figure.height}
        alt={figure.alternative}
        draggable={false}
        onError={() => setFailed(true)}
      />
      {tries + Number(hasFailed) > 1 && hasFailed && (
        <span class="figure__missing" role="status">
          {_("The figure has not come yet; the page asks for it again by itself.")}
        </span>
      )}
    </span>
  );
}
