// Requests to the server, and what this browser remembers: the secret tokens of its seats.

export class Failed extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function get(path) {
  return answer(await reach(path));
}

// Browsers each have their own words for a server that is not there; a player wants to know what to do.
async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Failed("the server does not answer; is it still running?", 0);
  }
}

export async function post(path, data) {
  return answer(await reach(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(data),
  }));
}

async function answer(response) {
  const data = await response.json().catch(() => ({ error: `the server answered ${response.status}` }));
  if (!response.ok) throw new Failed(data.error ?? `the server answered ${response.status}`, response.status);
  return data;
}

const SEATS = "brigade.seats";
const MOST = 10;

export function seats() {
  try {
    const kept = JSON.parse(localStorage.getItem(SEATS) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function rememberSeat(seat) {
  keep(SEATS, JSON.stringify([seat, ...seats().filter((each) => each !== seat)].slice(0, MOST)));
}

export function forgetSeat(seat) {
  keep(SEATS, JSON.stringify(seats().filter((each) => each !== seat)));
}

export function keep(name, text) {
  try {
    localStorage.setItem(name, text);
  } catch {
    // A browser that keeps nothing: the game still works until the page is closed.
  }
}

export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
