// A game played back: any moment of it, at any speed.

import { post } from "./api.js";
import { el, select, show, where } from "./dom.js";
import { Hud, clock } from "./hud.js";
import { Stage } from "./stage.js";
import { Talk } from "./talk.js";

const SPEEDS = [["0.5", "½×"], ["1", "1×"], ["2", "2×"], ["4", "4×"], ["8", "8×"]];

export async function openReplay(source) {
  show(el("p", { class: "loading" }, "Playing the game back…"));
  const data = source.record ? await post("/api/replay-text", { record: source.record }) : await post("/api/replay", { seat: source.seat });
  return new Replay(data);
}

class Replay {
  constructor(data) {
    this.data = data;
    this.at = 0;
    this.speed = 2;
    this.playing = false;
    this.things = data.frames.map(() => null);
    let lying = [];
    data.frames.forEach((frame, index) => {
      if (frame.things) lying = frame.things;
      this.things[index] = lying;
    });
    this.stage = new Stage(data.kitchen, data.names);
    this.stage.learn(data.looks);
    this.hud = new Hud(data.frames[0].left || 1);
    this.hud.learn(data.looks);
    this.talk = new Talk(data.names, -1, { send: () => false, pause: () => {}, ideas: false });
    this.talk.root.querySelector("form").remove();
    this.build();
    this.go(0, true);
    this.key = (event) => this.keys(event);
    window.addEventListener("keydown", this.key);
    window.brigade = { replay: this };
    this.before = performance.now();
    this.turn = requestAnimationFrame((now) => this.loop(now));
  }

  build() {
    const last = this.data.frames.length - 1;
    this.slider = el("input", { type: "range", min: "0", max: String(last), value: "0", step: "1", id: "scrub", "aria-label": "Moment", oninput: () => this.go(Number(this.slider.value), true) });
    this.button = el("button", { type: "button", class: "primary", id: "play", onclick: () => this.toggle() }, "Play");
    this.time = el("output", { class: "stamp", for: "scrub" });
    const speed = select(SPEEDS, "2");
    speed.setAttribute("aria-label", "Speed");
    speed.addEventListener("change", () => { this.speed = Number(speed.value); });
    show(el("div", { class: "game replay" },
      el("h1", { class: "sr" }, "A game, played back"),
      el("div", { class: "board" }, this.hud.root, el("div", { class: "floor" }, this.stage.root),
        el("div", { class: "player" }, this.button, this.slider, this.time, speed)),
      el("aside", { class: "side" }, el("h2", {}, "What was said"), this.talk.root, el("a", { class: "button", href: "#" }, "Lobby"))));
    where(`${this.data.map}, played back`);
    document.body.dataset.view = "game";
  }

  keys(event) {
    if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLButtonElement) return;
    const step = { ArrowLeft: -10, ArrowRight: 10 }[event.code];
    if (event.code === "Space") this.toggle();
    else if (step && event.target !== this.slider) this.go(this.at + step, true);
    else return;
    event.preventDefault();
  }

  toggle() {
    const last = this.data.frames.length - 1;
    if (!this.playing && this.at >= last) this.go(0, true);
    this.playing = !this.playing;
    this.button.textContent = this.playing ? "Pause" : "Play";
  }

  go(tick, jump) {
    const last = this.data.frames.length - 1;
    const at = Math.max(0, Math.min(last, Math.floor(tick)));
    this.position = jump ? at : tick;
    if (at !== this.at || jump) {
      this.at = at;
      const frame = { ...this.data.frames[at], things: this.things[at] };
      this.stage.show(frame, jump || this.speed > 4);
      this.hud.show(frame);
      this.data.names.forEach((_, cook) => this.stage.say(cook, frame.speech[cook] ?? "", 1e9));
      this.slider.value = String(at);
      this.time.textContent = clock(at * this.data.tick);
      this.slider.setAttribute("aria-valuetext", `${Math.round(at * this.data.tick)} seconds`);
      this.tell(at);
    }
    if (at >= last && this.playing) this.toggle();
  }

  tell(tick) {
    const heard = this.data.said.filter((said) => said.tick <= tick);
    if (this.told === heard.length) return;
    this.told = heard.length;
    this.talk.clear();
    for (const said of heard) this.talk.said(said.cook, said.text);
  }

  loop(now) {
    const passed = (now - this.before) / 1000;
    this.before = now;
    if (this.playing) this.go(this.position + (passed * this.speed) / this.data.tick, false);
    this.turn = requestAnimationFrame((next) => this.loop(next));
  }

  stop() {
    cancelAnimationFrame(this.turn);
    window.removeEventListener("keydown", this.key);
    this.stage.stop();
    this.talk.stop();
    delete document.body.dataset.view;
  }
}
