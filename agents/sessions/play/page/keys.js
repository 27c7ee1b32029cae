// Keys and touch as actions: what was just pressed, and what is held. The newest key that is down is the one held.

import { el } from "./dom.js";

const KEYS = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right",
  KeyW: "up", KeyS: "down", KeyA: "left", KeyD: "right", Space: "interact", KeyE: "interact",
};
const IN_TEXT = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]); // hands go on while one types

export class Hands {
  constructor(actions, send) {
    this.actions = actions;
    this.send = send; // (press, hold, time)
    this.down = [];
    this.enabled = false;
    this.listeners = [
      [window, "keydown", (event) => this.key(event, true)],
      [window, "keyup", (event) => this.key(event, false)],
      [window, "blur", () => this.letGo()],
      [document, "visibilitychange", () => document.hidden && this.letGo()],
    ];
    for (const [target, name, listener] of this.listeners) target.addEventListener(name, listener);
  }

  key(event, pressed) {
    const action = KEYS[event.code];
    if (!action || !this.actions.has(action) || event.ctrlKey || event.metaKey || event.altKey) return;
    const inText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const elsewhere = event.target instanceof HTMLSelectElement
      || (event.target instanceof HTMLButtonElement && event.code === "Space");
    if (pressed && (elsewhere || (inText && !IN_TEXT.has(event.code)) || !this.enabled)) return;
    if (pressed) event.preventDefault();
    if (pressed && event.repeat) return;
    this.set(event.code, action, pressed, event.timeStamp);
  }

  set(source, action, pressed, time = performance.now()) {
    const held = this.down.find((each) => each.source === source);
    if (pressed === Boolean(held)) return;
    this.down = this.down.filter((each) => each.source !== source);
    if (pressed) this.down.push({ source, action });
    this.send(pressed ? action : null, this.down.at(-1)?.action ?? null, time);
  }

  letGo() {
    if (!this.down.length) return;
    this.down = [];
    this.send(null, null, performance.now());
  }

  stop() {
    for (const [target, name, listener] of this.listeners) target.removeEventListener(name, listener);
  }

  // Buttons for fingers: a cross, which a thumb can slide over, and one to act where the rules have that.
  pad() {
    const names = { up: "▲", left: "◀", right: "▶", down: "▼" };
    const cross = el("div", { class: "cross", role: "group", "aria-label": "Move" },
      Object.entries(names).map(([action, sign]) => el("button", { class: `pad ${action}`, type: "button", "data-action": action, "aria-label": action, tabindex: "-1" }, sign)));
    const act = el("button", { class: "pad act", type: "button", "data-action": "interact", tabindex: "-1" }, "Act");
    for (const part of this.actions.has("interact") ? [cross, act] : [cross]) this.touch(part);
    return el("div", { class: "pads" }, cross, this.actions.has("interact") && act);
  }

  touch(part) {
    const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-action]");
    const move = (event) => {
      const button = under(event);
      const action = button && part.contains(button) ? button.dataset.action : null;
      const held = this.down.find((each) => each.source === event.pointerId);
      if (held?.action === action) return;
      if (held) this.set(event.pointerId, held.action, false);
      if (action && this.enabled) this.set(event.pointerId, action, true);
      for (const each of part.querySelectorAll?.("[data-action]") ?? []) each.classList.toggle("hit", each === button);
    };
    const end = (event) => {
      const held = this.down.find((each) => each.source === event.pointerId);
      if (held) this.set(event.pointerId, held.action, false);
      for (const each of part.querySelectorAll("[data-action]")) each.classList.remove("hit");
    };
    part.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      part.setPointerCapture(event.pointerId);
      move(event);
    });
    part.addEventListener("pointermove", (event) => part.hasPointerCapture(event.pointerId) && move(event));
    part.addEventListener("pointerup", end);
    part.addEventListener("pointercancel", end);
    part.addEventListener("contextmenu", (event) => event.preventDefault());
  }
}
