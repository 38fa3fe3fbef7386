// The computer's camera: opened when it is asked for, what stands against it in words, a picture of portrait size.
import { _ } from "../../common/i18n";

export type CameraFault = "insecure" | "refused" | "missing" | "busy" | "broken";

export const WIDTH = 360;
export const HEIGHT = 480;
const QUALITY = 0.8;

const FAULTS: Readonly<Record<string, CameraFault>> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class NoCamera extends Error {
  readonly fault: CameraFault;

  constructor(fault: CameraFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The camera's stream, as `wish` would have it; NoCamera says why there is none. */
export async function openCamera(wish: MediaTrackConstraints = {}): Promise<MediaStream> {
  // Browsers give a camera to https and to the computer itself only.
  const devices = window.isSecureContext ? (navigator.mediaDevices as MediaDevices | undefined) : undefined;
  if (!devices) throw new NoCamera("insecure");
  try {
    return await devices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 }, ...wish }, audio: false });
  } catch (error) {
    throw new NoCamera(FAULTS[error instanceof Error ? error.name : ""] ?? "broken");
  }
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Why there is no picture, and that nothing depends on it. */
export function cameraText(fault: CameraFault): string {
  const words: Record<CameraFault, string> = {
    insecure: _("The browser gives a camera to secure pages only (https). Go on without a picture, and tell the centre's technician."),
    refused: _("The browser was not allowed to use the camera. Allow it in the address line and press again, or go on without a picture."),
    missing: _("No camera was found on this computer. Connect one and press again, or go on without a picture."),
    busy: _("Another program is using the camera. Close it and press again, or go on without a picture."),
    broken: _("The camera does not answer. Go on without a picture."),
  };
  return words[fault];
}

/** What is cut from a camera's frame so that it fills a portrait: left, top, width, height. */
export function portraitOf(width: number, height: number): readonly [number, number, number, number] {
  const wide = Math.min(width, (height * WIDTH) / HEIGHT);
  const high = (wide * HEIGHT) / WIDTH;
  return [(width - wide) / 2, (height - high) / 2, wide, high];
}

/** What the camera shows now is painted on the canvas; the JPEG of it in base64, empty if there is no frame yet. */
export function takePicture(video: HTMLVideoElement, canvas: HTMLCanvasElement): string {
  const brush = video.videoWidth > 0 ? canvas.getContext("2d") : null;
  if (!brush) return "";
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  brush.drawImage(video, ...portraitOf(video.videoWidth, video.videoHeight), 0, 0, WIDTH, HEIGHT);
  return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1] ?? "";
}
