// What happened in a game, for the card at its end: every order that was served or missed, and the best score so far.

import { el } from "./dom.js";
import { icon } from "./stage.js";
import { keep, kept } from "./api.js";

const BEST = "brigade.best";
const MOST = 24; // dishes that fit on the card

export class Story {
  constructor() {
    this.dishes = []; // {look, name, served}
  }

  // Looks at two moments that follow each other; returns the orders that came, in words.
  note(before, after) {
    const left = [...after.orders];
    const gone = before.orders.filter((order) => {
      const same = left.findIndex((each) => each.name === order.name && (order.seconds === null || each.seconds <= order.seconds + 0.01));
      if (same >= 0) left.splice(same, 1);
      return same < 0;
    });
    let served = after.served - before.served;
    // An order that ran out had no time left; of the others that went, as many were served as the count says.
    for (const order of gone.sort((a, b) => (b.seconds ?? 1) - (a.seconds ?? 1))) {
      this.dishes.push({ look: order.look, name: order.name, served: served > 0 });
      served -= 1;
    }
    return left;
  }

  dish({ look, name, served }, looks) {
    return el("li", { class: served ? "" : "missed" }, icon(looks.get(look) ?? [], 44),
      el("span", { class: "sr" }, `${name} ${served ? "served" : "missed"}`), !served && el("span", { class: "cross-out", "aria-hidden": "true" }, "✗"));
  }

  card(looks) {
    if (!this.dishes.length) return null;
    return el("ul", { class: "dishes", "aria-label": "Orders of this game" }, this.dishes.slice(-MOST).map((each) => this.dish(each, looks)));
  }
}

// Remembers a score; returns what there is to say of it.
export function compare(game, score) {
  const key = `${game.map} ${[...game.seats].sort()} ${game.duration}`;
  let best = {};
  try {
    best = JSON.parse(kept(BEST) ?? "{}") ?? {};
  } catch {
    best = {};
  }
  const before = best[key];
  if (before === undefined || score > before) keep(BEST, JSON.stringify({ ...best, [key]: score }));
  if (before === undefined) return "";
  return score > before ? `Your best here so far; it was ${before}.` : `Your best here: ${before}.`;
}
