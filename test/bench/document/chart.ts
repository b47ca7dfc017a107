/** A curve: what was measured at each size, both above 0. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [size: number, value: number])[];
}

export interface Panel {
  readonly title: string;
  /** What grows to the right, and what is measured upwards. */
  readonly across: string;
  readonly up: string;
  readonly curves: readonly Curve[];
}

const width = 440;
const height = 260;
const margin = { left: 64, right: 16, top: 40, bottom: 44 };
const colours = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed'];

/**
 * Panels side by side, two in a row, each with both scales logarithmic: there, what does not depend on size is level,
 * and what is in proportion to it rises with slope one.
 */
export function chartOf(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / 2);
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % 2) * width, Math.floor(index / 2) * height];
    return `<g transform="translate(${x} ${y})">${panelOf(panel)}</g>`;
  });
  const size = `width="${2 * width}" height="${rows * height}" viewBox="0 0 ${2 * width} ${rows * height}"`;
  const style = 'font-family="sans-serif" font-size="11" fill="#374151"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>\n<title>${panels.map(({ title }) => title).join('; ')}</title>\n<rect width="100%" height="100%" fill="#fff"/>\n${drawn.join('\n')}\n</svg>\n`;
}

function panelOf({ title, across, up, curves }: Panel): string {
  const points = curves.flatMap((curve) => curve.points);
  const toX = scaleOf(
    points.map(([size]) => size),
    margin.left,
    width - margin.right,
  );
  const toY = scaleOf(
    points.map(([, value]) => value),
    height - margin.bottom,
    margin.top,
  );
  const lines = curves.map((curve, index) => curveOf(curve, colours[index % colours.length] ?? '', toX, toY, index));
  return [
    `<text x="${margin.left}" y="18" font-size="13" font-weight="bold">${title}</text>`,
    `<text x="${width - margin.right}" y="${height - 8}" text-anchor="end">${across}</text>`,
    `<text x="8" y="34">${up}</text>`,
    ...toX.ticks.map(
      (tick) => `<text x="${toX.at(tick)}" y="${height - 26}" text-anchor="middle">${short(tick)}</text>`,
    ),
    ...toY.ticks.map((tick) => gridLine(tick, toY.at(tick))),
    ...lines,
  ].join('');
}

const gridLine = (tick: number, y: number): string =>
  `<path d="M${margin.left} ${y}H${width - margin.right}" stroke="#e5e7eb"/><text x="${margin.left - 6}" y="${y + 4}" text-anchor="end">${short(tick)}</text>`;

function curveOf({ name, points }: Curve, colour: string, toX: Scale, toY: Scale, index: number): string {
  const at = points.map(([size, value]) => [toX.at(size), toY.at(value)] as const);
  const dots = at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`).join('');
  const label = `<text x="${margin.left + 8}" y="${margin.top + 14 + index * 14}" fill="${colour}">${name}</text>`;
  return `<path d="M${at.map((pair) => pair.join(' ')).join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}${label}`;
}

interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

/** From the power of ten below the least to the one above the most, with a tick at each. */
function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return {
    ticks,
    at: (value) => Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10,
  };
}

const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6} M` : value >= 1000 ? `${value / 1000} k` : String(Number(value.toPrecision(3)));
