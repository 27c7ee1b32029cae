// The chat: what was said, and a line to write in. Hands go on while one types; the kitchen stops only if asked for.

import { el } from "./dom.js";

const MOST = 60;
const IDEAS = ["Chop two onions please", "What are the orders?", "Serve Bob soup", "Keep chopping lettuce", "Stop"];

export class Talk {
  constructor(names, own, { send, pause, ideas }) {
    this.names = names;
    this.own = own;
    this.log = el("div", { class: "log", role: "log", "aria-label": "What was said", tabindex: "0" });
    this.line = el("input", { type: "text", maxlength: "300", autocomplete: "off", enterkeyhint: "send",
      placeholder: matchMedia("(pointer: coarse)").matches ? "Say something…" : "Say something…  (T)", "aria-label": "Say something to the other cooks" });
    const more = ideas && el("button", { type: "button", class: "more-ideas", "aria-label": "Things to say", "aria-expanded": "false", onclick: () => this.open(!this.root.classList.contains("open")) }, "☰");
    this.more = more;
    const form = el("form", { class: "say", onsubmit: (event) => {
      event.preventDefault();
      this.submit(send);
    } }, more, this.line, el("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤"));
    this.line.addEventListener("focus", () => pause(true));
    this.line.addEventListener("blur", () => pause(false));
    this.line.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.line.blur();
    });
    this.key = (event) => {
      const busy = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.code === "KeyT" && !busy && !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        this.line.focus();
      }
    };
    window.addEventListener("keydown", this.key);
    const chips = ideas && el("div", { class: "ideas", role: "group", "aria-label": "Things to say" },
      IDEAS.map((text) => el("button", { type: "button", onclick: () => {
        send(text);
        this.open(false);
      } }, text)));
    this.root = el("section", { class: "talk", "aria-label": "Chat" }, this.log, chips, form);
  }

  // On a phone the ideas are behind a button.
  open(on) {
    this.root.classList.toggle("open", on);
    this.more?.setAttribute("aria-expanded", String(on));
  }

  submit(send) {
    const text = this.line.value.trim();
    if (text && send(text)) this.line.value = "";
    if (matchMedia("(pointer: coarse)").matches || !text) this.line.blur();
  }

  said(cook, text) {
    const own = cook === this.own;
    this.add(el("div", { class: `said cook${cook}${own ? " own" : ""}` },
      el("span", { class: "who" }, own ? "You" : this.names[cook]), el("span", { class: "words" }, text)));
  }

  note(text) {
    this.add(el("p", { class: "note" }, text));
  }

  clear() {
    this.log.replaceChildren();
  }

  add(item) {
    const low = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    this.log.append(item);
    while (this.log.children.length > MOST) this.log.firstElementChild.remove();
    if (low) requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; });
  }

  stop() {
    window.removeEventListener("keydown", this.key);
  }
}
