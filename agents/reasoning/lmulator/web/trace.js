"use strict";
const steps = JSON.parse(document.getElementById("data").textContent);
const at = document.getElementById("at");
const list = document.getElementById("steps");
at.max = String(Math.max(0, steps.length - 1));

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function words(step) {
  const delta = Object.entries(step.delta || {}).map(([name, value]) => `${name} = ${value}`).join(", ");
  const place = step.line ? `line ${step.line}: ` : "";
  return place + (step.text || delta || "reached");
}

function tagged(parent, step) {
  for (const by of step.by) parent.append(element("span", by, `tag ${by.split(" ")[0]}`));
}

function stateAt(index) {
  const state = new Map();
  for (const step of steps.slice(0, index + 1)) {
    for (const [name, value] of Object.entries(step.delta || {})) state.set(step.scope ? `${step.scope}: ${name}` : name, value);
  }
  return state;
}

function show(index) {
  const step = steps[index];
  if (!step) return;
  at.value = String(index);
  document.getElementById("count").textContent = `${index + 1} of ${steps.length}`;
  const now = document.getElementById("now");
  now.replaceChildren(element("span", words(step)));
  tagged(now, step);
  document.querySelectorAll("#program li.now").forEach((line) => line.classList.remove("now"));
  const line = document.getElementById(`l${step.line}`);
  if (line) { line.classList.add("now"); line.scrollIntoView({ block: "nearest" }); }
  const changed = new Set(Object.keys(step.delta || {}).map((name) => (step.scope ? `${step.scope}: ${name}` : name)));
  document.getElementById("state").replaceChildren(...[...stateAt(index)].map(([name, value]) => {
    const row = document.createElement("tr");
    row.append(element("td", name), element("td", value, changed.has(name) ? "changed" : ""));
    return row;
  }));
  for (const item of list.children) item.classList.toggle("now", item.dataset.index === String(index));
}

steps.forEach((step, index) => {
  const item = element("li", words(step));
  tagged(item, step);
  item.dataset.index = String(index);
  item.addEventListener("click", () => show(index));
  list.append(item);
});
at.addEventListener("input", () => show(Number(at.value)));
document.getElementById("back").addEventListener("click", () => show(Math.max(0, Number(at.value) - 1)));
document.getElementById("on").addEventListener("click", () => show(Math.min(steps.length - 1, Number(at.value) + 1)));
document.addEventListener("keydown", (event) => {
  if (event.target === at) return;
  if (event.key === "ArrowLeft") document.getElementById("back").click();
  if (event.key === "ArrowRight") document.getElementById("on").click();
});
show(0);
