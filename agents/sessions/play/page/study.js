// A study: one step after the other, as the server says; comes back to the same step after the page was closed.

import { keep, kept, post } from "./api.js";
import { el, show, toast, where } from "./dom.js";
import { Game } from "./game.js";

const PLACE = "brigade.study";

export function study(front) {
  return new Study(front);
}

class Study {
  constructor(front) {
    this.front = front;
    this.key = `${PLACE}.${front.title}`;
    this.participant = kept(this.key);
    where(front.title);
    if (this.participant) this.step({ do: "look" });
    else this.consent();
  }

  consent() {
    const agreed = el("input", { type: "checkbox", required: true, id: "agree" });
    const code = el("input", { type: "text", id: "code", maxlength: "60", autocomplete: "off", required: true });
    this.sheet("Welcome", 0, 1, [
      el("div", { class: "prose" }, paragraphs(this.front.consent)),
      el("form", { onsubmit: (event) => {
        event.preventDefault();
        this.step({ do: "agree", code: code.value });
      } },
        this.front.asksCode && el("div", { class: "field" }, el("label", { for: "code" }, "Your participant code"), code),
        el("label", { class: "check" }, agreed, "I have read this and take part of my own free will."),
        el("div", { class: "row end" }, el("button", { type: "submit", class: "primary big", id: "next" }, "I agree"))),
    ]);
  }

  async step(what) {
    try {
      const at = await post("/api/study", { participant: this.participant, stage: this.at?.stage ?? 0, ...what });
      if (at.participant) {
        this.participant = at.participant;
        keep(this.key, at.participant);
      }
      this.at = at;
      this.draw();
    } catch (error) {
      if (/does not know you/.test(error.message)) {
        this.participant = null;
        this.consent();
      }
      toast(error.message, "bad");
      const problem = document.querySelector(".problem");
      if (problem) problem.textContent = error.message;
    }
  }

  draw() {
    this.game?.stop();
    this.game = null;
    where(this.front.title);
    const { kind, stage, of } = this.at;
    if (kind === "page") this.page(stage, of);
    if (kind === "game") this.before(stage, of);
    if (kind === "questions") this.questions(stage, of);
    if (kind === "thanks") this.sheet("Done", of, of, [el("div", { class: "prose" }, paragraphs(this.at.text)), el("p", {}, "Your code: ", el("b", { id: "own-code" }, this.at.code))]);
  }

  sheet(title, stage, of, content) {
    const progress = el("progress", { max: String(of), value: stage, "aria-label": "How far you are" });
    const heading = el("h1", { tabindex: "-1" }, title);
    show(el("section", { class: "sheet narrow study" }, progress, heading, ...content));
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  page(stage, of) {
    this.sheet(this.at.title, stage, of, [el("div", { class: "prose" }, paragraphs(this.at.text)), this.next("Go on", () => this.step({ do: "next" }))]);
  }

  before(stage, of) {
    this.sheet(this.at.title, stage, of, [el("p", {}, this.at.text), this.next("To the kitchen", () => this.play())]);
  }

  next(words, go) {
    return el("div", { class: "row end" }, el("button", { type: "button", class: "primary big", id: "next", onclick: go }, words));
  }

  async play() {
    if (!this.at.seat) await this.step({ do: "again" });
    if (this.at.seat) this.game = new Game(this.at.seat, { ended: () => this.step({ do: "next" }) });
  }

  questions(stage, of) {
    const { questions, about } = this.at;
    const problem = el("p", { class: "problem", role: "alert" });
    this.sheet(about ? `About ${about}` : "To finish", stage, of, [el("form", { class: "questions", onsubmit: (event) => {
      event.preventDefault();
      this.step({ do: "answer", answers: answers(new FormData(event.target), questions) });
    } }, questions.map(ask), problem, el("div", { class: "row end" }, el("button", { type: "submit", class: "primary big", id: "next" }, "Go on")))]);
  }

  stop() {
    this.game?.stop();
  }
}

function ask(question) {
  const required = !question.optional;
  if (question.kind === "text") return el("div", { class: "field" }, el("label", { for: question.id }, question.ask), el("textarea", { id: question.id, name: question.id, rows: "4", maxlength: "2000", required }));
  if (question.kind === "number") return el("div", { class: "field" }, el("label", { for: question.id }, question.ask), el("input", { id: question.id, name: question.id, type: "number", step: "any", required }));
  const options = question.kind === "scale" ? Array.from({ length: question.of }, (_, i) => String(i + 1)) : question.options;
  const scale = question.kind === "scale";
  return el("fieldset", { class: scale ? "scale" : "pick" }, el("legend", {}, question.ask),
    scale && el("span", { class: "pole" }, question.low),
    el("div", { class: "points" }, options.map((option) => el("label", {}, el("input", { type: "radio", name: question.id, value: option, required }), el("span", {}, option)))),
    scale && el("span", { class: "pole" }, question.high));
}

function answers(form, questions) {
  const given = {};
  for (const { id, kind } of questions) {
    const value = form.get(id);
    if (value === null || value === "") given[id] = null;
    else given[id] = kind === "scale" || kind === "number" ? Number(value) : value;
  }
  return given;
}

function paragraphs(text) {
  return text.split(/\n\s*\n/).map((part) => el("p", {}, part.trim().replace(/\s*\n\s*/g, " ")));
}
