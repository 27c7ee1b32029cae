// A game: the kitchen, orders, hands and chat of one seat, from waiting to the end.

import { forgetSeat, rememberSeat } from "./api.js";
import { el, show, toast, tools, where } from "./dom.js";
import { Hud } from "./hud.js";
import { Hands } from "./keys.js";
import { play as sound, setSound, soundIsOn } from "./sound.js";
import { Stage } from "./stage.js";
import { Story, compare } from "./summary.js";
import { Talk } from "./talk.js";
import { Wire } from "./wire.js";

const KINDS = { hla: "agent", script: "script", commander: "commander", random: "random", idle: "idle", agent: "", person: "" };

const OWN_BUBBLE_MS = 2500;
const HURRY_SECONDS = 10;
const PATIENCE_MS = 8000; // without a server, after which the page says more
const SURE_MS = 3000;

const WAYS = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };

export class Game {
  // `ended` is called with the result when the player goes on after the end; without it there are buttons.
  constructor(seat, { ended = null } = {}) {
    this.seat = seat;
    this.ended = ended;
    this.pending = []; // presses not yet on the screen: [number, time]
    this.latencies = []; // ms from a key to the first picture that shows what the kitchen made of it
    this.reactions = []; // ms from a key to the first picture in which the cook leans that way
    this.fresh = [];
    window.brigade = { game: this, latencies: this.latencies, reactions: this.reactions };
    rememberSeat(seat);
    show(el("p", { class: "loading" }, "Opening the kitchen…"));
    this.wire = new Wire(seat, this);
  }

  state(name, reason) {
    this.connection = name;
    if (name === "ended") this.gone(reason);
    else if (name === "cut") this.cut();
    else if (name === "connected") {
      this.lostAt = null;
      this.banner("");
    }
  }

  cut() {
    this.lostAt ??= performance.now();
    const long = performance.now() - this.lostAt > PATIENCE_MS;
    const text = long ? "The server does not answer. Your game is kept; it goes on here as soon as the server is back." : "Connection lost. Trying again…";
    if (!this.strip) show(el("p", { class: "loading", role: "status" }, text));
    this.banner(text);
  }

  banner(text) {
    if (!this.strip) return;
    this.strip.textContent = text;
    this.strip.hidden = !text;
  }

  gone(reason) {
    if (this.over) return;
    if (/no such seat/.test(reason)) forgetSeat(this.seat);
    this.stop();
    show(el("section", { class: "sheet narrow" }, el("h1", {}, "This game is closed"), el("p", {}, reason || "The server let go."),
      el("a", { class: "button primary", href: "#" }, "To the lobby")));
  }

  message(data) {
    switch (data.type) {
      case "welcome": return this.welcome(data);
      case "looks": this.stage.learn(data.looks); return this.hud.learn(data.looks);
      case "frame": return this.frame(data);
      case "said": return this.said(data);
      case "note": this.talk.note(data.text); return toast(data.text);
      case "phase": return this.phase(data);
      case "over": return this.finish(data);
      case "refused": return toast(data.reason, "bad");
      default: return undefined;
    }
  }

  welcome(data) {
    this.cook = data.cook;
    this.game = data.game;
    this.jump = true;
    if (!this.stage) this.build(data);
    this.stage.learn(data.looks);
    this.hud.learn(data.looks);
    this.talk.clear();
    for (const said of data.said) this.talk.said(said.cook, said.text);
    this.invite = data.invite;
    this.pending.length = 0;
    this.phase({ phase: data.phase, ready: [], away: data.game.away.filter((cook) => cook !== data.cook) });
  }

  build(data) {
    const { names, seats, rules, map, duration } = data.game;
    const actions = new Set(["up", "down", "left", "right", ...(rules === "hla" ? [] : ["interact"])]);
    this.hands = new Hands(actions, (press, hold, time) => this.input(press, hold, time));
    this.stage = new Stage(data.kitchen, names);
    this.stage.own = data.cook;
    this.story = new Story();
    this.stage.drawn = (tick) => this.measure(tick);
    this.hud = new Hud(duration);
    const talks = seats.some((kind, cook) => cook !== data.cook && kind !== "idle");
    this.talk = new Talk(names, data.cook, {
      send: (text) => this.wire.send({ type: "chat", text }),
      pause: (on) => data.game.pauseTyping && this.wire.send({ type: "pause", on }),
      ideas: seats.includes("hla"),
    });
    this.strip = el("p", { class: "strip", role: "alert", hidden: true });
    this.cover = el("div", { class: "cover" });
    this.ping = el("span", { class: "ping", title: "Time to the server and back" });
    this.list = el("ul", { class: "cast", "aria-label": "Cooks" }, names.map((name, cook) => this.member(name, cook)));
    show(el("div", { class: `game${talks ? "" : " quiet"}` },
      el("h1", { class: "sr" }, "Kitchen"),
      el("div", { class: "board" }, this.hud.root, el("div", { class: "floor" }, this.stage.root, this.cover, this.strip), this.hands.pad()),
      el("aside", { class: "side" }, this.list, this.talk.root)));
    where(data.game.study ? "" : map);
    this.speaker = el("button", { type: "button", class: "tool", onclick: () => {
      setSound(!soundIsOn());
      this.speaking();
    } });
    this.speaking();
    this.door = el("button", { type: "button", class: "tool", onclick: () => this.leave() }, "Leave");
    tools(...[this.ping, this.speaker, !this.ended && this.door].filter(Boolean));
    document.body.dataset.view = "game";
  }

  speaking() {
    const on = soundIsOn();
    this.speaker.textContent = on ? "♪ on" : "♪ off";
    this.speaker.setAttribute("aria-label", on ? "Sound is on; turn it off" : "Sound is off; turn it on");
    this.speaker.setAttribute("aria-pressed", String(on));
  }

  member(name, cook) {
    const kind = this.game.seats[cook];
    const own = cook === this.cook;
    const what = own ? "you" : kind === "person" ? "person" : KINDS[kind];
    return el("li", { class: `cook${cook}` }, el("span", { class: "mark", "aria-hidden": "true" }, String(cook + 1)),
      el("span", {}, own ? "You" : name), el("small", {}, own ? "" : what));
  }

  input(press, hold, time) {
    if (this.connection !== "connected") return;
    const seq = this.wire.input(press, hold);
    if (!press) return;
    this.pending.push([seq, time]);
    this.fresh.push(time);
    if (WAYS[press]) this.stage.lean(this.cook, WAYS[press], performance.now());
  }

  // Called after each drawn picture: presses that it shows are no longer pending.
  measure(tick) {
    for (const time of this.fresh.splice(0)) this.reactions.push(performance.now() - time);
    const own = this.people?.[this.cook];
    if (!own || tick !== this.shownTick) return;
    while (this.pending.length && this.pending[0][0] <= own.ack) {
      const [, time] = this.pending.shift();
      this.latencies.push(performance.now() - time);
    }
  }

  frame(data) {
    const before = this.last;
    const own = data.people[this.cook];
    if (!this.pending.length || own?.ack >= this.pending.at(-1)[0]) this.stage.settle(this.cook, performance.now());
    this.stage.show(data, this.jump);
    this.jump = false;
    this.people = data.people;
    this.shownTick = data.tick;
    this.last = data;
    const change = this.hud.show(data);
    if (before) this.follow(before, data);
    if (change > 0) toast(`+${change} points`, "good");
    const rtt = data.people[this.cook]?.rtt;
    this.ping.textContent = rtt === null || rtt === undefined ? "" : `${rtt} ms`;
    [...this.list.children].forEach((item, cook) => {
      item.classList.toggle("away", cook !== this.cook && data.people[cook]?.here === false);
      item.classList.toggle("script", data.script.includes(cook));
    });
  }

  // What changed from one moment to the next: for ears, and for those who do not see the cards.
  follow(before, data) {
    const fresh = this.story.note(before, data);
    if (data.served > before.served) sound("served");
    else if (data.missed > before.missed) sound("missed");
    else if (fresh.length) sound("order");
    const news = fresh.map((order) => `New order: ${order.name}, ${order.foods.join(", ")}.`);
    if (data.missed > before.missed) news.unshift(`Order missed, ${data.score} points.`);
    if (data.served > before.served) news.unshift(`Order served, ${data.score} points.`);
    if (data.left <= HURRY_SECONDS && before.left > HURRY_SECONDS) {
      news.push(`${HURRY_SECONDS} seconds left.`);
      sound("hurry");
    }
    if (news.length) this.hud.tell(news.join(" "));
  }

  said(data) {
    this.talk.said(data.cook, data.text);
    this.stage.say(data.cook, data.text, data.cook === this.cook ? OWN_BUBBLE_MS : undefined);
    if (data.cook !== this.cook) sound("said");
  }

  phase(data) {
    if (this.over) return;
    this.hands.enabled = data.phase === "running";
    this.cover.hidden = data.phase === "running";
    clearInterval(this.counter);
    if (data.phase === "running") {
      sound("start");
      return;
    }
    if (data.phase === "paused") this.cover.replaceChildren(el("div", { class: "card-note" }, "The kitchen waits while you type."));
    if (data.phase === "countdown") this.countdown(data.seconds ?? 3);
    if (data.phase === "waiting") this.waiting(data);
  }

  countdown(seconds) {
    let left = Math.ceil(seconds);
    const number = el("div", { class: "count", role: "status" }, String(left));
    this.cover.replaceChildren(number);
    this.counter = setInterval(() => {
      left -= 1;
      if (left > 0) number.textContent = String(left);
      else clearInterval(this.counter);
    }, 1000);
  }

  waiting({ ready = [], away = [] }) {
    const others = away.filter((cook) => cook !== this.cook);
    const isReady = ready.includes(this.cook);
    const start = el("button", { type: "button", class: "primary big", id: "ready", disabled: isReady,
      onclick: () => this.wire.send({ type: "ready" }) }, isReady ? "Waiting for the others…" : "Start cooking");
    this.cover.replaceChildren(el("div", { class: "card-note start" },
      el("h2", {}, "Ready?"),
      this.how(),
      this.invite && this.invitation(),
      others.length > 0 && el("p", { class: "hint", role: "status" }, others.length === 1 ? "The other cook is not here yet." : `${others.length} cooks are not here yet.`),
      start));
    if (!isReady && !(document.activeElement instanceof HTMLInputElement)) start.focus({ preventScroll: true });
  }

  how() {
    const hla = this.game.rules === "hla";
    const steps = hla
      ? ["Chop what an order shows: hold towards a board", "Put the pieces together on a counter", "Cook them, fetch the soup with a plate", "Bring it to the green hatch; soups burn if they wait"]
      : ["Put what an order shows into a pot", "Fetch the soup with a plate when it is done", "Bring it to the green hatch"];
    const recipe = el("ol", { class: "steps" }, steps.map((text) => el("li", {}, text)));
    const keys = matchMedia("(pointer: coarse)").matches
      ? [el("li", {}, "The cross walks; slide your thumb over it"), el("li", {}, hla ? "Walk into things to use them" : "“Act” uses what is in front of you")]
      : [el("li", {}, el("kbd", {}, "←↑↓→"), " or ", el("kbd", {}, "WASD"), hla ? " walk; walk into things to use them" : " walk and turn"),
        !hla && el("li", {}, el("kbd", {}, "Space"), " use what is in front of you"),
        el("li", {}, el("kbd", {}, "T"), " talk, ", el("kbd", {}, "Esc"), " back to the kitchen")];
    return el("div", { class: "how" }, el("ul", {}, keys), recipe);
  }

  invitation() {
    const link = `${location.origin}/#join=${this.invite}`;
    const text = el("input", { type: "text", readonly: true, value: link, id: "invite", "aria-label": "Link for the other cook", onfocus: (event) => event.target.select() });
    return el("div", { class: "invite" }, el("p", {}, "Send this link to whoever cooks with you:"),
      el("div", { class: "row" }, text, el("button", { type: "button", onclick: async () => {
        await navigator.clipboard?.writeText(link).then(() => toast("Link copied"), () => text.select());
      } }, "Copy")));
  }

  finish(data) {
    if (this.over) return;
    this.over = data;
    this.hands.enabled = false;
    clearInterval(this.counter);
    sound("over");
    const points = el("p", { class: "result" }, el("span", { class: "star", "aria-hidden": "true" }, "★"), ` ${data.score} points`);
    const line = el("p", {}, `${data.served} served, ${data.missed} missed`, data.reason && ` (${data.reason})`);
    const buttons = this.ended
      ? [el("button", { type: "button", class: "primary big", id: "go-on", onclick: () => this.ended(data) }, "Go on")]
      : [el("a", { class: "button primary big", href: "#again" }, "Play again"), el("a", { class: "button", href: `#replay=${this.seat}`, id: "watch" }, "Watch it again"), el("a", { class: "button", href: "#" }, "Lobby")];
    this.cover.hidden = false;
    const best = this.game.study ? "" : compare(this.game, data.score);
    this.cover.replaceChildren(el("div", { class: "card-note end", role: "status" }, el("h2", {}, data.reason ? "The end" : "Time's up!"), points, line,
      this.story.card(this.hud.looks), best && el("p", { class: "hint" }, best), el("div", { class: "row" }, buttons)));
    buttons[0].focus({ preventScroll: true });
  }

  leave() {
    const sure = this.door.dataset.sure || this.over || this.game.seats.filter((kind) => kind === "person").length === 0 || !this.last?.tick;
    if (!sure) {
      this.door.dataset.sure = "1";
      this.door.textContent = "Leave for good?";
      setTimeout(() => {
        delete this.door.dataset.sure;
        this.door.textContent = "Leave";
      }, SURE_MS);
      return;
    }
    this.wire.send({ type: "leave" });
    this.stop();
    location.hash = "";
  }

  stop() {
    clearInterval(this.counter);
    this.wire.stop();
    this.stage?.stop();
    this.hands?.stop();
    this.talk?.stop();
    tools();
    delete document.body.dataset.view;
  }
}
