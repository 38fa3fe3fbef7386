// Looks for a QR code through the computer's camera: nothing is kept, and the camera is off before and after.
import { signal } from "@preact/signals";
import { _ } from "../../common/i18n";
import { closeCamera, NoCamera, openCamera, type CameraFault } from "./camera";

interface Detector {
  detect(frame: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorClass {
  new (options: { formats: "qr_code"[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

export type EyeFault = CameraFault | "unfetched" | "gone";

/** An old computer has to do other things as well. */
const PAUSE_MS = 120;

/** What reads codes: the browser where it can, else the library; rejects if that cannot be fetched. */
export async function findDetector(): Promise<Detector> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const formats = own ? await own.getSupportedFormats().catch(() => []) : [];
  const found = own && formats.includes("qr_code") ? own : (await import("./qr")).BarcodeDetector;
  return new found({ formats: ["qr_code"] });
}

/** Why no slip can be read by camera, and what to do instead. */
export function eyeText(fault: EyeFault): string {
  const words: Record<EyeFault, string> = {
    insecure: _("The browser gives a camera to secure pages only (https). Type the number into the search, and tell the centre's technician."),
    refused: _("The browser was not allowed to use the camera. Allow it in the address line and try again, or type the number into the search."),
    missing: _("No camera was found on this computer. Connect one and try again, or type the number into the search."),
    busy: _("Another program is using the camera. Close it and try again, or type the number into the search."),
    broken: _("The camera does not answer. Type the number into the search."),
    unfetched: _("What reads the codes could not be fetched: there is no connection to the server. Try again, or type the number into the search."),
    gone: _("The camera was switched off or unplugged. Connect it and try again, or type the number into the search."),
  };
  return words[fault];
}

export class Eye {
  readonly stage = signal<"off" | "opening" | "looking">("off");
  /** What stands against it, in words: there is no camera, or the slip is a wrong one. */
  readonly trouble = signal("");
  private readonly onCode: (text: string) => string;
  private stream: MediaStream | null = null;
  /** Each opening and closing is a turn; what an earlier one began comes to nothing. */
  private turn = 0;

  /** `onCode` takes a code and says what is wrong with it; an empty text ends the search. */
  constructor(onCode: (text: string) => string) {
    this.onCode = onCode;
  }

  async open(video: HTMLVideoElement): Promise<void> {
    this.close();
    const turn = this.turn;
    this.stage.value = "opening";
    try {
      const detector = await findDetector().catch(() => null);
      if (turn !== this.turn) return;
      if (!detector) return this.fail("unfetched");
      const stream = await openCamera({ facingMode: "environment" });
      if (turn !== this.turn) return closeCamera(stream);
      this.stream = stream;
      for (const track of stream.getTracks()) track.onended = () => turn === this.turn && this.fail("gone");
      video.srcObject = stream;
      this.stage.value = "looking";
      void this.look(detector, video, turn);
    } catch (error) {
      if (turn !== this.turn) return;
      this.fail(error instanceof NoCamera ? error.fault : "broken");
      if (!(error instanceof NoCamera)) throw error;
    }
  }

  /** The camera is off at once, and a search under way finds nothing any more. */
  close(): void {
    this.turn += 1;
    closeCamera(this.stream);
    this.stream = null;
    this.stage.value = "off";
    this.trouble.value = "";
  }

  private fail(fault: EyeFault): void {
    this.close();
    this.trouble.value = eyeText(fault);
  }

  private async look(detector: Detector, video: HTMLVideoElement, turn: number): Promise<void> {
    while (turn === this.turn) {
      // A frame that cannot be read is followed by one that can.
      const codes = video.videoWidth > 0 ? await detector.detect(video).catch(() => []) : [];
      if (turn !== this.turn) return;
      for (const { rawValue } of codes) {
        const wrong = this.onCode(rawValue);
        if (wrong === "") return this.close();
        this.trouble.value = wrong;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
