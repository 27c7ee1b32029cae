// The socket of a game: joins, comes back after a cut, numbers inputs, answers pings.

const FIRST_MS = 250;
const LONGEST_MS = 4000;
const FINAL = new Set([4400, 4401, 4409, 4000]); // no use in trying again

export class Wire {
  constructor(seat, listener) {
    this.seat = seat;
    this.listener = listener; // {message(data), state(name, reason)}
    this.seq = 0;
    this.wait = FIRST_MS;
    this.open();
  }

  open() {
    if (this.done) return;
    this.listener.state("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/play`);
    this.socket = socket;
    socket.onopen = () => {
      this.seq = 0;
      socket.send(JSON.stringify({ type: "join", seat: this.seat }));
    };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = (event) => this.closed(event);
  }

  take(data) {
    if (data.type === "ping") {
      this.send({ type: "pong", n: data.n });
      return;
    }
    if (data.type === "welcome") {
      this.wait = FIRST_MS;
      this.listener.state("connected");
    }
    this.listener.message(data);
  }

  closed(event) {
    if (this.done) return;
    if (FINAL.has(event.code)) {
      this.done = true;
      this.listener.state("ended", event.reason);
      return;
    }
    this.listener.state("cut", event.reason);
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_MS);
  }

  send(data) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(data));
    return true;
  }

  input(press, hold) {
    this.seq += 1;
    this.send({ type: "input", seq: this.seq, press, hold });
    return this.seq;
  }

  stop() {
    this.done = true;
    clearTimeout(this.timer);
    this.socket.close(1000);
  }
}
