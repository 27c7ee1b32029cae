// Shapes on a canvas, as envs/kitchen/render/shapes.py describes them. Lengths are in squares of the kitchen.

const STROKE = 0.028;
const FONT = "ui-rounded, 'Nunito', 'Segoe UI', system-ui, sans-serif";
const ALIGN = { left: "left", middle: "center", right: "right" };

export function paint(pen, shapes) {
  pen.lineJoin = "round";
  pen.lineCap = "round";
  for (const shape of shapes) DRAW[shape.kind]?.(pen, shape);
}

function finish(pen, shape) {
  pen.fillStyle = shape.fill;
  pen.fill();
  if (shape.stroke) {
    pen.strokeStyle = shape.stroke;
    pen.lineWidth = STROKE;
    pen.stroke();
  }
}

function trace(pen, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
}

const DRAW = {
  rect(pen, s) {
    pen.beginPath();
    pen.roundRect(s.x, s.y, s.w, s.h, Math.max(0, Math.min(s.radius ?? 0, s.w / 2, s.h / 2)));
    finish(pen, s);
  },
  ellipse(pen, s) {
    pen.beginPath();
    pen.ellipse(s.x, s.y, s.rx, s.ry, 0, 0, 2 * Math.PI);
    finish(pen, s);
  },
  arc(pen, s) {
    const share = Math.min(Math.max(s.share, 0), 1);
    if (!share) return;
    pen.beginPath();
    pen.lineCap = "butt";
    pen.arc(s.x, s.y, s.r - s.width / 2, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
    pen.strokeStyle = s.colour;
    pen.lineWidth = s.width;
    pen.stroke();
    pen.lineCap = "round";
  },
  polygon(pen, s) {
    trace(pen, s.points);
    pen.closePath();
    finish(pen, s);
  },
  line(pen, s) {
    trace(pen, s.points);
    if (s.points.length === 1 || s.points.every(([x, y]) => x === s.points[0][0] && y === s.points[0][1])) {
      pen.lineTo(s.points[0][0] + 1e-4, s.points[0][1]);
    }
    pen.strokeStyle = s.colour;
    pen.lineWidth = s.width ?? STROKE;
    pen.stroke();
  },
  text(pen, s) {
    pen.save();
    pen.translate(s.x, s.y);
    pen.scale(0.01, 0.01); // browsers do not write smaller than a pixel
    pen.font = `700 ${s.size * 100}px ${FONT}`;
    pen.textAlign = ALIGN[s.anchor];
    pen.textBaseline = "middle";
    pen.fillStyle = s.colour;
    pen.fillText(s.text, 0, 0, s.fit ? s.fit * 100 : undefined);
    pen.restore();
  },
};
