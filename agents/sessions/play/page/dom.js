// Elements from a description. Text is always text: nothing here or elsewhere in the page reads markup from a string.

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function show(...children) {
  const main = document.getElementById("main");
  main.replaceChildren(...children);
  return main;
}

export function where(text) {
  document.getElementById("where").textContent = text;
}

export function tools(...children) {
  document.getElementById("tools").replaceChildren(...children);
}

export function toast(text, kind = "") {
  const note = el("div", { class: `toast ${kind}` }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 6000);
}

export function field(label, control, hint = "") {
  const id = control.id || `f${Math.random().toString(36).slice(2)}`;
  control.id = id;
  return el("div", { class: "field" }, el("label", { for: id }, label), control,
    hint && el("p", { class: "hint" }, hint));
}

export function select(options, value) {
  return el("select", {}, options.map(([key, words]) => el("option", { value: key, ...(key === value && { selected: true }) }, words)));
}
