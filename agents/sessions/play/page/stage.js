// The kitchen on a canvas. What never changes is drawn once per size, each look once; frames only move them about.
// Bubbles and labels are text above the canvas, so that they can be read by everybody.

import { el } from "./dom.js";
import { paint } from "./paint.js";

const BOX = { left: -1.1, top: -1.45, width: 2.2, height: 2.3 }; // what the largest sprite needs, around its origin
const MOST_BITMAPS = 400;
const BUBBLE_MS = 6000;
const MOVE_MS = 180; // just under a held key's 200 ms, so that walking is one motion
const BUMP_MS = 140;
const BUMP = 0.13;
const LEAN = 0.2; // squares that one's own cook leans at once in the way of a key, before the kitchen has answered
const LEAN_MS = 60;
const LONGEST_LEAN_MS = 400;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Stage {
  constructor(kitchen, names, { speech = true } = {}) {
    this.kitchen = kitchen;
    this.looks = new Map();
    this.bitmaps = new Map();
    this.cooks = [];
    this.things = [];
    this.canvas = el("canvas", { class: "kitchen", role: "img", "aria-label": "The kitchen" });
    this.over = el("div", { class: "overlay", "aria-hidden": speech ? "true" : "false" });
    this.root = el("div", { class: "stage" }, this.canvas, this.over);
    this.root.style.setProperty("--shape", `${kitchen.w} / ${kitchen.h}`);
    this.root.style.setProperty("--w", kitchen.w);
    this.root.style.setProperty("--h", kitchen.h);
    this.tags = names.map((name, index) => this.tag(name, index));
    this.pen = this.canvas.getContext("2d");
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.root);
    this.drawn = null;
    this.running = true;
    requestAnimationFrame((now) => this.loop(now));
  }

  tag(name, index) {
    const bubble = el("div", { class: `bubble cook${index}` });
    const doing = el("div", { class: "doing" });
    this.over.append(bubble, doing);
    bubble.hidden = doing.hidden = true;
    return { bubble, doing, until: 0 };
  }

  learn(looks) {
    for (const [number, shapes] of Object.entries(looks)) this.looks.set(Number(number), shapes);
  }

  // The newest moment; `jump` puts everything where it is without a motion.
  show(frame, jump = false) {
    const now = performance.now();
    if (frame.things) this.things = frame.things;
    frame.cooks.forEach((cook, index) => {
      const old = this.cooks[index];
      const far = old && Math.abs(old.x - cook.x) + Math.abs(old.y - cook.y) > 1.5;
      if (!old || jump || far || still.matches) {
        this.cooks[index] = { ...cook, fromX: cook.x, fromY: cook.y, since: now, bumped: 0, bump: null };
      } else {
        if (old.x !== cook.x || old.y !== cook.y) {
          const at = place(old, now);
          Object.assign(old, { fromX: at.x, fromY: at.y, since: now });
        }
        Object.assign(old, { x: cook.x, y: cook.y, look: cook.look });
        if (cook.bump) Object.assign(old, { bump: cook.bump, bumped: now });
      }
      const { doing } = this.tags[index];
      const words = cook.doing ?? "";
      if (doing.textContent !== words) doing.textContent = words;
      doing.hidden = !words;
    });
    this.tick = frame.tick;
  }

  // A key was pressed: lean that way at once. The kitchen decides whether the cook goes.
  lean(cook, way, now) {
    const each = this.cooks[cook];
    if (!each || still.matches) return;
    this.settle(cook, now);
    Object.assign(each, { lean: way, leaned: now });
  }

  // The kitchen has answered: go on from where the cook is seen, there or back.
  settle(cook, now) {
    const each = this.cooks[cook];
    if (!each?.lean) return;
    const at = place(each, now);
    Object.assign(each, { fromX: at.x, fromY: at.y, since: now, lean: null });
  }

  say(cook, text, ms = BUBBLE_MS) {
    const tag = this.tags[cook];
    if (!tag) return;
    tag.bubble.textContent = text.length > 140 ? `${text.slice(0, 139)}…` : text;
    tag.bubble.hidden = !text;
    tag.until = performance.now() + ms;
  }

  fit() {
    const wide = this.root.clientWidth;
    if (!wide) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.scale = (wide * ratio) / this.kitchen.w;
    this.square = wide / this.kitchen.w;
    this.canvas.width = Math.round(wide * ratio);
    this.canvas.height = Math.round(this.scale * this.kitchen.h);
    this.bitmaps.clear();
    this.empty = bitmap(this.canvas.width, this.canvas.height, (pen) => {
      pen.scale(this.scale, this.scale);
      pen.translate(-this.kitchen.x, -this.kitchen.y);
      paint(pen, this.kitchen.shapes);
    });
  }

  sprite(look) {
    let found = this.bitmaps.get(look);
    if (!found) {
      if (this.bitmaps.size >= MOST_BITMAPS) this.bitmaps.delete(this.bitmaps.keys().next().value);
      found = bitmap(Math.ceil(BOX.width * this.scale), Math.ceil(BOX.height * this.scale), (pen) => {
        pen.scale(this.scale, this.scale);
        pen.translate(-BOX.left, -BOX.top);
        paint(pen, this.looks.get(look) ?? []);
      });
      this.bitmaps.set(look, found);
    }
    return found;
  }

  loop(now) {
    if (!this.running) return;
    if (!this.scale) this.fit();
    if (this.scale) this.draw(now);
    requestAnimationFrame((next) => this.loop(next));
  }

  draw(now) {
    const { pen, kitchen, scale } = this;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.empty, 0, 0);
    const put = (look, x, y) => {
      pen.drawImage(this.sprite(look), (x - kitchen.x + BOX.left) * scale, (y - kitchen.y + BOX.top) * scale);
    };
    for (const [look, x, y] of this.things) put(look, x, y);
    const places = this.cooks.map((cook, index) => ({ ...place(cook, now), look: cook.look, index }));
    places.sort((a, b) => a.y - b.y);
    for (const { look, x, y } of places) put(look, x, y);
    this.taken = places.map(({ x, y }) => this.head(x, y)); // faces are not covered
    places.sort((a, b) => (a.index === this.own) - (b.index === this.own)); // what others say finds its place first
    for (const { index, x, y } of places) this.label(index, x, y, now);
    this.drawn?.(this.tick);
  }

  label(index, x, y, now) {
    const tag = this.tags[index];
    const left = (x - this.kitchen.x) * this.square;
    const top = (y - this.kitchen.y) * this.square;
    if (tag.until && now > tag.until) {
      tag.bubble.hidden = true;
      tag.until = 0;
    }
    const wide = this.root.clientWidth;
    let above = top - 0.86 * this.square;
    if (!tag.doing.hidden) {
      above = this.stick(tag.doing, left, above, wide);
    }
    if (!tag.bubble.hidden) this.stick(tag.bubble, left, above - 8, wide, index === this.own);
  }

  head(x, y) {
    const { square, kitchen } = this;
    return { x: (x - kitchen.x - 0.3) * square, y: (y - kitchen.y - 0.8) * square, width: 0.6 * square, height: 0.62 * square };
  }

  // Puts a label above a point, inside the stage and out of the way of others; returns how high it reaches.
  stick(node, left, bottom, wide, own = false) {
    const width = node.offsetWidth;
    const height = node.offsetHeight;
    const x = Math.round(Math.min(Math.max(left - width / 2, 4), wide - width - 4));
    const high = this.root.clientHeight;
    const wanted = Math.max(2, bottom - height);
    const beside = this.taken.filter((other) => x < other.x + other.width && other.x < x + width);
    const free = (y) => y >= 2 && y + height <= high - 2 && !beside.some((other) => y < other.y + other.height && other.y < y + height);
    const places = [wanted, ...beside.flatMap((other) => [other.y - height - 3, other.y + other.height + 3])];
    const nearest = places.filter(free).sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
    const y = Math.round(nearest ?? wanted);
    this.taken.push({ x, y, width, height });
    const apart = Math.abs(y - wanted);
    node.classList.toggle("apart", apart > 4);
    node.classList.toggle("lost", own && apart > this.square); // one knows what one said; it must not cover the kitchen
    node.style.transform = `translate(${x}px, ${y}px)`;
    node.style.setProperty("--tip", `${Math.round(left - x)}px`);
    return y;
  }

  stop() {
    this.running = false;
    this.watcher.disconnect();
  }
}

// A look by itself, such as the dish on an order's card.
export function icon(shapes, size, box = { x: -0.6, y: -0.42, w: 1.2, h: 0.86 }) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const canvas = el("canvas", { class: "icon", "aria-hidden": "true" });
  canvas.width = Math.round(size * ratio);
  canvas.height = Math.round((size * ratio * box.h) / box.w);
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / box.w, canvas.width / box.w);
  pen.translate(-box.x, -box.y);
  paint(pen, shapes);
  return canvas;
}

export function picture(kitchen, width) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const canvas = el("canvas", { class: "preview", "aria-hidden": "true" });
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((width * ratio * kitchen.h) / kitchen.w);
  const pen = canvas.getContext("2d");
  pen.scale(canvas.width / kitchen.w, canvas.width / kitchen.w);
  pen.translate(-kitchen.x, -kitchen.y);
  paint(pen, kitchen.shapes);
  return canvas;
}

function place(cook, now) {
  const share = Math.min(1, (now - cook.since) / MOVE_MS);
  let x = cook.fromX + (cook.x - cook.fromX) * share;
  let y = cook.fromY + (cook.y - cook.fromY) * share;
  if (cook.bump && now - cook.bumped < BUMP_MS) {
    const reach = BUMP * Math.sin((Math.PI * (now - cook.bumped)) / BUMP_MS);
    x += cook.bump[0] * reach;
    y += cook.bump[1] * reach;
  }
  if (cook.lean && now - cook.leaned < LONGEST_LEAN_MS) {
    const reach = LEAN * Math.max(0, Math.min(1, (now - cook.leaned) / LEAN_MS));
    x += cook.lean[0] * reach;
    y += cook.lean[1] * reach;
  }
  return { x, y };
}

function bitmap(width, height, make) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  make(canvas.getContext("2d"));
  return canvas;
}
