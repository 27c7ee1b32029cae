// A few short tones. Off until somebody turns them on.

import { keep, kept } from "./api.js";

const TUNES = {
  served: [[660, 0], [880, 0.09], [1175, 0.18]],
  missed: [[220, 0], [165, 0.14]],
  said: [[880, 0]],
  order: [[587, 0]],
  hurry: [[988, 0], [988, 0.16], [988, 0.32]],
  start: [[523, 0], [784, 0.12]],
  over: [[784, 0], [659, 0.14], [523, 0.28]],
};

let context = null;
let on = kept("brigade.sound") === "on";

export function soundIsOn() {
  return on;
}

export function setSound(value) {
  on = value;
  keep("brigade.sound", on ? "on" : "off");
  if (on) play("said");
}

export function play(name) {
  if (!on) return;
  context ??= new AudioContext();
  for (const [pitch, after] of TUNES[name]) {
    const at = context.currentTime + after;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.14, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
