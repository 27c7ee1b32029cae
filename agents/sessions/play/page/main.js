// Which view is shown: the address after # says it, so that back and forward work.

import { get, post, rememberSeat } from "./api.js";
import { el, show, tools, where } from "./dom.js";
import { Game } from "./game.js";
import { lobby } from "./lobby.js";
import { openReplay } from "./replay.js";
import { study } from "./study.js";

let view = null;
let turn = 0;

async function route() {
  const mine = ++turn;
  view?.stop?.();
  view = null;
  tools();
  where("");
  const [name, value] = location.hash.slice(1).split("=");
  try {
    const next = await open(name, value);
    if (mine === turn) view = next;
    else next?.stop?.();
  } catch (error) {
    if (mine === turn) {
      show(el("section", { class: "sheet narrow" }, el("h1", {}, "That did not work"), el("p", { role: "alert" }, error.message),
        el("a", { class: "button primary", href: "#" }, "To the lobby")));
    }
  }
}

async function open(name, value) {
  if (name === "play" && value) return new Game(value);
  if (name === "join" && value) return join(value);
  if (name === "replay" && value) return openReplay({ seat: value });
  if (name === "replay" && window.brigadeRecord) return openReplay({ record: window.brigadeRecord });
  const offer = await get("/api/lobby");
  if (offer.study) return study(offer.study);
  const opened = lobby(offer);
  if (name === "again") opened.start();
  return opened;
}

async function join(invite) {
  const { seat } = await post("/api/claim", { invite });
  rememberSeat(seat);
  history.replaceState(null, "", `#play=${seat}`);
  return new Game(seat);
}

document.getElementById("home").addEventListener("click", (event) => {
  if (location.hash === "" || location.hash === "#") {
    event.preventDefault();
    route();
  }
});
window.addEventListener("hashchange", route);
route();
