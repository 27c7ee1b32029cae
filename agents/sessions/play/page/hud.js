// Orders, score and time, above the kitchen.

import { el } from "./dom.js";
import { icon } from "./stage.js";

export class Hud {
  constructor(duration) {
    this.duration = duration;
    this.looks = new Map();
    this.score = el("b", {}, "0");
    this.served = el("span", {}, "0");
    this.missed = el("span", {}, "0");
    this.time = el("b", {}, "");
    this.bar = el("i");
    this.orders = el("ol", { class: "orders", "aria-label": "Orders" });
    this.cards = [];
    this.news = el("p", { class: "sr", role: "status" });
    this.root = el("section", { class: "hud", "aria-label": "Orders and score" },
      this.orders, this.news,
      el("div", { class: "panel" },
        el("div", { class: "score", title: "Score" }, el("span", { class: "star", "aria-hidden": "true" }, "★"), el("span", { class: "sr" }, "Score "), this.score),
        el("div", { class: "tally" },
          el("span", { class: "ok", title: "Orders served" }, "✓ ", el("span", { class: "sr" }, "served "), this.served),
          el("span", { class: "no", title: "Orders missed" }, "✗ ", el("span", { class: "sr" }, "missed "), this.missed)),
        el("div", { class: "time", title: "Time left" }, el("span", { class: "sr" }, "Time left "), this.time, el("div", { class: "timebar" }, this.bar))));
  }

  // For those who do not see the cards.
  tell(text) {
    this.news.textContent = text;
  }

  learn(looks) {
    for (const [number, shapes] of Object.entries(looks)) this.looks.set(Number(number), shapes);
  }

  show(frame) {
    const change = frame.score - (this.last ?? frame.score);
    this.last = frame.score;
    write(this.score, frame.score);
    write(this.served, frame.served);
    write(this.missed, frame.missed);
    write(this.time, clock(frame.left));
    const share = Math.max(0, Math.min(1, frame.left / this.duration));
    this.bar.style.width = `${share * 100}%`;
    this.root.classList.toggle("hurry", share < 0.15);
    if (change) flash(this.score.parentElement, change > 0 ? "won" : "lost");
    frame.orders.forEach((order, index) => this.card(order, index));
    while (this.cards.length > frame.orders.length) this.cards.pop().root.remove();
    return change;
  }

  card(order, index) {
    let card = this.cards[index];
    if (!card || card.look !== order.look) {
      const fresh = this.make(order);
      if (card) card.root.replaceWith(fresh.root);
      else this.orders.append(fresh.root);
      card = this.cards[index] = fresh;
    }
    if (order.share === null) return;
    card.bar.style.width = `${order.share * 100}%`;
    const state = order.share > 0.5 ? "" : order.share > 0.25 ? "soon" : "now";
    if (card.root.dataset.state !== state) card.root.dataset.state = state;
    write(card.left, `${Math.ceil(order.seconds)}s`);
  }

  make(order) {
    const bar = el("i");
    const left = el("span", { class: "left" });
    const foods = order.foods.join(", ");
    const timed = order.share !== null;
    const root = el("li", { class: `card${order.bonus ? " bonus" : ""}` },
      el("div", { class: "name" }, el("span", {}, order.name), timed && left),
      icon(this.looks.get(order.look) ?? [], 76),
      el("span", { class: "sr" }, `: ${foods}`),
      timed && el("div", { class: "bar" }, bar));
    return { root, bar, left, look: order.look };
  }
}

export function clock(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function write(node, value) {
  const text = String(value);
  if (node.textContent !== text) node.textContent = text;
}

function flash(node, kind) {
  node.classList.remove("won", "lost");
  void node.offsetWidth; // lets the animation begin anew
  node.classList.add(kind);
}
