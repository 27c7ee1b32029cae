// The lobby: where, with whom and how to play; games that are still open; records to look at.

import { forgetSeat, keep, kept, post, rememberSeat, seats } from "./api.js";
import { el, field, select, show, toast, where } from "./dom.js";
import { icon, picture } from "./stage.js";

const LAST = "brigade.last";
const PARTNERS = {
  hla: ["Agent", "Thinks, acts, and talks with you"],
  script: ["Script planner", "Quick and silent"],
  commander: ["Commander", "Gives you orders, cooks a little"],
  random: ["Random cook", "Does anything at all"],
  idle: ["Nobody", "The kitchen is yours"],
  person: ["Another person", "You get a link to send"],
};
const BOOKS = {
  hla: "Chop and cook, with agents that talk",
  overcooked_ai: "The classic, for two people or alone",
};
const EXAMPLE = `name: mine
recipes: [Bob, Alice]
grid: |
  -LTPO--
  /1   2*
  /  -  *
  U  -  f
  ---B---
`;

export function lobby(offer) {
  where("");
  const wish = { map: "ring", partner: "hla", duration: 100, ...last() };
  const maps = offer.rules.flatMap((book) => book.maps);
  if (!maps.some((map) => map.name === wish.map)) wish.map = maps[0].name;
  const view = new Lobby(offer, maps, wish);
  view.open();
  return view;
}

function last() {
  try {
    return JSON.parse(kept(LAST) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

class Lobby {
  constructor(offer, maps, wish) {
    this.offer = offer;
    this.maps = maps;
    this.wish = wish;
    this.layout = null;
  }

  open() {
    this.going = el("section", { class: "going", "aria-label": "Your games", hidden: true });
    this.partners = el("div", { class: "choices partners", role: "radiogroup", "aria-label": "Partner" });
    this.mapList = el("div", { class: "books", role: "radiogroup", "aria-label": "Kitchen" });
    show(el("div", { class: "lobby" },
      el("section", { class: "hero" }, this.art(),
        el("h1", {}, "Cook together"),
        el("p", {}, "Orders come in, time runs, and your partner listens. Chop, cook, plate, serve, and talk while you do.")),
      this.going,
      el("form", { class: "sheet", onsubmit: (event) => {
        event.preventDefault();
        this.start();
      } },
        el("fieldset", {}, el("legend", {}, "Kitchen"), this.mapList, this.own()),
        el("fieldset", {}, el("legend", {}, "Partner"), this.partners),
        this.more(),
        el("div", { class: "row end" }, this.problem = el("p", { class: "problem", role: "alert" }), this.button = el("button", { type: "submit", class: "primary big", id: "play-button" }, "Play")))));
    this.drawMaps();
    this.drawPartners();
    this.games();
  }

  art() {
    const [one, two, dish] = this.offer.art;
    const box = { x: -0.55, y: -0.95, w: 1.1, h: 1.5 };
    return el("div", { class: "art" }, icon(one, 92, box), icon(dish, 84), icon(two, 92, box));
  }

  drawMaps() {
    const groups = this.offer.rules.map((book) => {
      const cards = book.maps.map((map) => this.choice("map", map.name, map.name, `${map.cooks} cooks`, picture(map.kitchen, 150)));
      if (book.agents) {
        for (const level of Object.keys(this.offer.generated)) cards.push(this.choice("map", `generated ${level}`, level, "generated, new every time", el("div", { class: "preview dice", "aria-hidden": "true" }, "⚄")));
      }
      return [BOOKS[book.name] ?? book.name, book.name, cards];
    });
    if (this.layout) groups.unshift(["Your own", this.layout.rules, [this.choice("map", "yours", this.layout.name, "your own", picture(this.layout.kitchen, 150))]]);
    this.mapList.replaceChildren(...groups.flatMap(([title, rules, cards]) => [
      el("p", { class: "book" }, title, " ", el("small", {}, `rule book ${rules}`)), el("div", { class: "choices maps" }, cards)]));
  }

  drawPartners() {
    const agents = this.rules() === "hla";
    const open = this.offer.partners.filter(({ kind }) => agents || kind === "idle" || kind === "person");
    if (!open.some(({ kind }) => kind === this.wish.partner)) this.wish.partner = open[0].kind;
    this.partners.replaceChildren(...open.map(({ kind, words }) => this.choice("partner", kind, PARTNERS[kind]?.[0] ?? kind, PARTNERS[kind]?.[1] ?? words)));
  }

  rules() {
    if (this.wish.map === "yours") return this.layout.rules;
    return this.maps.find((map) => map.name === this.wish.map)?.rules ?? "hla";
  }

  choice(name, value, title, words, image = null) {
    const input = el("input", { type: "radio", name, value, checked: this.wish[name] === value, onchange: () => {
      this.wish[name] = value;
      if (name === "map") this.drawPartners();
    } });
    return el("label", { class: "choice" }, input, image, el("span", { class: "title" }, title.replaceAll("_", " ")), el("span", { class: "words" }, words));
  }

  own() {
    const text = el("textarea", { rows: "9", spellcheck: "false", maxlength: String(this.offer.layout.characters), "aria-label": "Layout" });
    text.value = EXAMPLE;
    const file = el("input", { type: "file", accept: ".yaml,.yml,.layout,text/plain", "aria-label": "Layout file", onchange: async () => {
      if (file.files[0]) text.value = (await file.files[0].slice(0, this.offer.layout.characters).text());
    } });
    const answer = el("p", { class: "problem", role: "status" });
    const check = el("button", { type: "button", onclick: async () => {
      answer.textContent = "";
      try {
        this.layout = { ...(await post("/api/layout", { layout: text.value })), text: text.value };
        this.wish.map = "yours";
        this.drawMaps();
        this.drawPartners();
        answer.textContent = `${this.layout.name}: fine`;
      } catch (error) {
        answer.textContent = error.message;
      }
    } }, "Check and use");
    return el("details", {}, el("summary", {}, "Your own kitchen…"), el("p", { class: "hint" }, "L lettuces, T tomatoes, O onions, P plates, / board, U pot, * delivery, B bin, f extinguisher, - counter, 1 and 2 the cooks."), text, el("div", { class: "row" }, file, check), answer);
  }

  more() {
    const { offer, wish } = this;
    this.duration = select(offer.lengths.map((seconds) => [String(seconds), seconds < 120 ? `${seconds} seconds` : `${seconds / 60} minutes`]), String(wish.duration));
    this.pace = select([["", "as the map says"], ["1.5", "calm"], ["2.5", "brisk"], ["3.5", "quick"], ["5", "very quick"]], String(wish.pace ?? ""));
    this.slow = select(offer.slow.map((name) => [name, name]), wish.slow);
    this.fast = select(offer.fast.map((name) => [name, name]), wish.fast);
    this.away = select([["script", "the script planner"], ["idle", "nobody"]], wish.away);
    this.typing = el("input", { type: "checkbox", checked: Boolean(wish.pause_typing) });
    return el("details", { class: "more" }, el("summary", {}, "More settings"),
      el("div", { class: "grid" },
        field("Length", this.duration), field("Partner's pace", this.pace),
        field("Slow Mind", this.slow, "understands and answers"), field("Fast Mind", this.fast, "decides what to do next"),
        field("If a person is gone", this.away), el("label", { class: "check" }, this.typing, "The kitchen waits while I type")),
      this.records());
  }

  records() {
    const file = el("input", { type: "file", accept: ".jsonl", "aria-label": "Record of a game", onchange: async () => {
      if (file.files[0]) {
        window.brigadeRecord = await file.files[0].text();
        location.hash = "#replay";
      }
    } });
    return el("div", { class: "field" }, el("p", { class: "label" }, "Play back a record"), file);
  }

  async start() {
    this.problem.textContent = "";
    this.button.disabled = true;
    this.button.textContent = this.wish.partner === "hla" ? "Waking the minds…" : "Opening…";
    const wish = {
      map: this.map(),
      partner: this.wish.partner, duration: Number(this.duration.value), slow: this.slow.value, fast: this.fast.value,
      away: this.away.value, pause_typing: this.typing.checked,
      ...(this.pace.value && { pace: Number(this.pace.value) }),
    };
    keep(LAST, JSON.stringify({ ...wish, map: this.wish.map === "yours" ? "ring" : this.wish.map }));
    if (this.wish.map === "yours") wish.layout = this.layout.text;
    try {
      const { seat } = await post("/api/games", wish);
      rememberSeat(seat);
      location.hash = `#play=${seat}`;
    } catch (error) {
      this.problem.textContent = error.message;
      this.button.disabled = false;
      this.button.textContent = "Play";
    }
  }

  map() {
    if (this.wish.map === "yours") return "ring";
    const level = this.wish.map.startsWith("generated ") && this.offer.generated[this.wish.map.slice(10)];
    return level ? `generated:${Math.floor(Math.random() * 1e9)}:${level}` : this.wish.map;
  }

  async games() {
    const mine = seats();
    if (!mine.length) return;
    try {
      const { seats: states } = await post("/api/seats", { seats: mine });
      const open = mine.flatMap((seat, index) => {
        const state = states[index];
        if (!state) forgetSeat(seat);
        return state ? [[seat, state]] : [];
      });
      const rows = open.slice(0, 4).map(([seat, state]) => (state.state === "over"
        ? el("a", { class: "chip", href: `#replay=${seat}` }, `▶ Watch: ${state.map}`)
        : el("a", { class: "chip live", href: `#play=${seat}` }, `Go on: ${state.map}, ${state.left} s left`)));
      this.going.hidden = !rows.length;
      this.going.replaceChildren(...rows);
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  stop() {}
}
