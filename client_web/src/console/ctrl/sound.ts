// A short tone when somebody new wants the proctor. Off until it is switched on, which also lets the browser play it.
import { signal } from "@preact/signals";

const TONE_HZ = 660;
const TONE_S = 0.18;

export class Sound {
  readonly isOn = signal(false);
  private audio: AudioContext | null = null;

  toggle(): void {
    this.isOn.value = !this.isOn.value;
    if (this.isOn.value) this.play();
  }

  play(): void {
    if (!this.isOn.peek() || typeof AudioContext !== "function") return;
    this.audio ??= new AudioContext();
    const tone = this.audio.createOscillator();
    const volume = this.audio.createGain();
    tone.frequency.value = TONE_HZ;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(this.audio.destination);
    tone.start();
    tone.stop(this.audio.currentTime + TONE_S);
  }
}
