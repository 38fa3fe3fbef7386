// A picture by the desk's camera beside the photograph of the file. The camera is off before, after, and once the form goes.
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { cameraText, closeCamera, NoCamera, openCamera, takePicture } from "../ctrl/camera";
import { Photo } from "./Who";

interface Props {
  readonly photo_url: string | null;
  readonly onTake: (picture: string) => void;
}

type Stage = "off" | "opening" | "live" | "taken";

export function Picture({ photo_url, onTake }: Props): VNode {
  const [stage, setStage] = useState<Stage>("off");
  const [trouble, setTrouble] = useState("");
  const stream = useRef<MediaStream | null>(null);
  const isGone = useRef(false);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const main = useRef<HTMLButtonElement>(null);
  const stop = () => {
    closeCamera(stream.current);
    stream.current = null;
  };
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      stop();
    };
  }, []);

  // Below the fold of a small screen the camera would film unseen.
  useEffect(() => {
    if (stage === "live") main.current?.scrollIntoView({ block: "nearest" });
  }, [stage]);

  const open = async () => {
    setTrouble("");
    setStage("opening");
    onTake("");
    try {
      const found = await openCamera();
      if (isGone.current) return closeCamera(found);
      stream.current = found;
      if (video.current) video.current.srcObject = found;
      setStage("live");
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      setTrouble(cameraText(error.fault));
      setStage("off");
    }
  };
  const take = () => {
    const picture = video.current && canvas.current ? takePicture(video.current, canvas.current) : "";
    if (!picture) return;
    stop();
    onTake(picture);
    setStage("taken");
    announce(_("The picture is taken. It is kept once you record the check."));
  };
  const leave = () => {
    stop();
    onTake("");
    setStage("off");
    main.current?.focus();
  };
  const press = () => {
    if (stage === "live") take();
    else if (stage !== "opening") void open();
  };
  const words: Record<Stage, string> = {
    off: _("Take a picture"),
    opening: _("One moment…"),
    live: _("Take it now"),
    taken: _("Take it again"),
  };
  const isShown = stage === "live" || stage === "taken";
  return (
    <div class="camera">
      <div class="camera__pair" hidden={!isShown}>
        <figure class="camera__figure">
          <Photo url={photo_url} />
          <figcaption>{_("In the file")}</figcaption>
        </figure>
        <figure class="camera__figure">
          <video class="photo" ref={video} hidden={stage !== "live"} autoplay muted playsInline aria-label={_("What the camera sees now")} />
          <canvas class="photo" ref={canvas} hidden={stage !== "taken"} role="img" aria-label={_("The picture just taken")} />
          <figcaption>{_("At the desk")}</figcaption>
        </figure>
      </div>
      <div class="acts__row">
        <button type="button" class="quiet" id="take-picture" ref={main} aria-busy={stage === "opening"} onClick={press}>
          {words[stage]}
        </button>
        {isShown && (
          <button type="button" class="quiet" onClick={leave}>
            {_("Leave the picture out")}
          </button>
        )}
      </div>
      <p class="field__hint" role="status">
        {trouble}
      </p>
    </div>
  );
}
