// A slip held before the camera opens its candidate's seat, as the reader of slips does. The camera is on in this dialog alone.
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { Console } from "../ctrl/console";
import { Eye } from "../ctrl/eye";
import { strangerText } from "../ctrl/scanner";

export function SlipReader({ ctrl }: { ctrl: Console }): VNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="filter" id="read-slip" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {_("Slip by camera…")}
      </button>
      {isOpen && <Reader ctrl={ctrl} onClose={() => setOpen(false)} />}
    </>
  );
}

function Reader({ ctrl, onClose }: { ctrl: Console; onClose: () => void }): VNode {
  const video = useRef<HTMLVideoElement>(null);
  const eye = useMemo(() => new Eye((text) => take(ctrl, text, onClose)), []);
  const open = () => void (video.current && eye.open(video.current));
  useEffect(() => {
    // Nobody looks at a hidden page, so its camera must not look either.
    const hide = () => document.hidden && onClose();
    document.addEventListener("visibilitychange", hide);
    open();
    return () => {
      document.removeEventListener("visibilitychange", hide);
      eye.close();
      ctrl.slip.value = null;
    };
  }, []);
  const stage = eye.stage.value;
  const words = { off: "", opening: _("The camera is being opened…"), looking: _("Looking for a code…") };
  return (
    <Dialog title={_("Read a slip by camera")} onCancel={onClose}>
      <p>{_("Hold the slip before the camera with its square code. The candidate's seat opens by itself; no picture is kept.")}</p>
      <video class="slip-reader" ref={video} hidden={stage !== "looking"} autoplay muted playsInline aria-label={_("What the camera sees now")} />
      <p class={eye.trouble.value ? "warning" : "field__hint"} role="status">
        {eye.trouble.value || words[stage]}
      </p>
      <div class="dialog__actions">
        {stage === "off" && (
          <button type="button" class="govuk-button" onClick={open}>
            {_("Try again")}
          </button>
        )}
        <button type="button" class="govuk-button govuk-button--secondary" onClick={onClose}>
          {_("Close")}
        </button>
      </div>
    </Dialog>
  );
}

/** What is wrong with the slip; a right one closes the dialog, and the focus goes on to the seat. */
function take(ctrl: Console, text: string, onClose: () => void): string {
  if (!ctrl.read(text)) return strangerText(text);
  onClose();
  return "";
}
