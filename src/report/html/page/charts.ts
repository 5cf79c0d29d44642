/**
 * Runs in the reader's browser: draws what the report's model decided with uPlot, whose text stands before this one in the
 * page. Each file of this folder is a block of its own, without imports but of types (scripts/embed.ts).
 */
import type UPlot from "uplot";
import type { Chart, ChartUnit, Series } from "../../chart.ts";

declare const uPlot: typeof UPlot;

/** Changed in place where a live page has new points: what reads it reads the newest. */
type Drawn = Omit<Chart, "table" | "x" | "series"> & { x: Chart["x"]; series: Chart["series"] };

/** What a live page hands over: the points of one chart, and the values of its series in their order. */
type Points = Pick<Chart["x"], "values" | "names"> & { readonly series: readonly Series["values"][] };

const HEIGHT = 260;
const FONT = "12px system-ui, sans-serif";
/** Pixels that a label under the x axis needs. */
const TICK_ROOM = 52;

const all: readonly Drawn[] = JSON.parse(document.getElementById("charts")?.textContent ?? "[]");

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const figure = (unit: ChartUnit, value: number): string => {
  const digits = (number: number): string => String(Number(number.toPrecision(3)));
  if (unit === "share") return `${digits(value * 100)} %`;
  if (unit === "change") return `${value > 0 ? "+" : ""}${digits(value * 100)} %`;
  if (unit === "ms") return value >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : digits(value);
};

const unitOf = (chart: Drawn, series: Series): ChartUnit =>
  (series.axis === "right" && chart.right !== null ? chart.right : chart.left).unit;

/** A value between two gaps has no line, so that only a dot can show it. */
const hasLonelyPoint = ({ values }: Series): boolean =>
  values.some((value, i) => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);

const pathsOf = (look: Series["look"]): UPlot.Series.PathBuilder | undefined => {
  if (look === "bars") return uPlot.paths.bars?.({ size: [0.9, 60] });
  return look === "steps" ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
};

const WIDTHS: Readonly<Record<Series["look"], number>> = { line: 2, steps: 2, dots: 1, bars: 0 };

const seriesOptions = (chart: Drawn, series: Series): UPlot.Series => {
  const paths = pathsOf(series.look);
  const unit = unitOf(chart, series);
  return {
    label: series.name,
    scale: series.axis,
    width: WIDTHS[series.look],
    stroke: () => colour(series.tone),
    value: (_, value, __, at) => (at === null ? "" : value === null || value === undefined ? "-" : figure(unit, value)),
    points: series.look === "dots" ? { show: true, size: 8 } : { show: hasLonelyPoint(series) },
    ...(series.look === "bars" ? { fill: () => colour(series.tone) } : {}),
    ...(series.tone === "base" ? { dash: [6, 4] } : {}),
    ...(paths === undefined ? {} : { paths }),
  };
};

/** Ticks of a scale that is not plain numbers, without those that would touch the one before. */
const roomyTicks = (ticks: NonNullable<Drawn["x"]["ticks"]>, plot: UPlot, min: number, max: number) => {
  let last = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ at }) => {
    if (at < min || at > max) return false;
    const x = ((at - min) / (max - min || 1)) * plot.width;
    if (x - last < TICK_ROOM) return false;
    last = x;
    return true;
  });
};

const line = () => ({ stroke: () => colour("line"), width: 1 });
/** On a logarithmic axis only the decades get a line. */
const isDecade = (value: number): boolean => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6);
const axisLook = () => ({ stroke: () => colour("soft"), font: FONT, labelFont: FONT, grid: line(), ticks: line() });

const xAxis = ({ x }: Drawn): UPlot.Axis => {
  const base = { ...axisLook(), label: x.label, labelSize: 20, size: 34 };
  const { ticks } = x;
  if (ticks === null) return base;
  return {
    ...base,
    splits: (plot, _, min, max) => roomyTicks(ticks, plot, min, max).map(({ at }) => at),
    values: (_, splits) => splits.map((at) => ticks.find((tick) => tick.at === at)?.label ?? ""),
  };
};

/** As wide as its longest label. */
const axisSize = (_: UPlot, values: readonly string[] | null): number =>
  24 + 7 * Math.max(3, ...(values ?? []).map((value) => value?.length ?? 0));

const yAxis = (axis: NonNullable<Drawn["right"]>, scale: "left" | "right"): UPlot.Axis => {
  const look = axisLook();
  return {
    ...look,
    grid: {
      ...look.grid,
      show: scale === "left",
      ...(axis.scale === "log"
        ? { filter: (_: UPlot, splits: number[]) => splits.map((at) => (isDecade(at) ? at : null)) }
        : {}),
    },
    scale,
    side: scale === "left" ? 3 : 1,
    label: axis.label,
    labelSize: 20,
    size: axisSize,
    values: (_, splits) => splits.map((value) => (value === null ? "" : figure(axis.unit, value))),
  };
};

const yScale = (scale: "linear" | "log"): UPlot.Scale =>
  scale === "log"
    ? { distr: 3 }
    : { range: (_, min, max) => [Math.min(0, min * 1.15), max > 0 ? max * 1.05 : min < 0 ? 0 : 1] };

const xScale = ({ x, series }: Drawn): UPlot.Scale => {
  if (!series.some(({ look }) => look === "bars")) return { time: false };
  const half = ((x.values[1] ?? 0) - (x.values[0] ?? 0)) / 2;
  return { time: false, range: (_, min, max) => [min - half, max + half] };
};

const optionsOf = (chart: Drawn, width: number): UPlot.Options => ({
  width,
  height: HEIGHT,
  scales: {
    x: xScale(chart),
    left: yScale(chart.left.scale),
    ...(chart.right === null ? {} : { right: yScale(chart.right.scale) }),
  },
  axes: [xAxis(chart), yAxis(chart.left, "left"), ...(chart.right === null ? [] : [yAxis(chart.right, "right")])],
  series: [
    { label: "at", value: (_, _value, _series, at) => (at === null ? "" : (chart.x.names[at] ?? "-")) },
    ...chart.series.map((series) => seriesOptions(chart, series)),
  ],
  cursor: { ...(chart.x.ticks === null ? { sync: { key: "seconds" } } : {}), points: { size: 7 } },
});

const dataOf = ({ x, series }: Drawn): UPlot.AlignedData => [[...x.values], ...series.map(({ values }) => [...values])];

const draw = (chart: Drawn, host: HTMLElement): UPlot =>
  new uPlot(optionsOf(chart, host.clientWidth), dataOf(chart), host);

const pointText = (chart: Drawn, at: number): string =>
  `${chart.x.names[at] ?? ""}: ${chart.series
    .map((series) => {
      const value = series.values[at] ?? null;
      return `${series.name} ${value === null ? "not measured" : figure(unitOf(chart, series), value)}`;
    })
    .join(", ")}`;

/** Left and right read one point after the other; the text goes to the figure's live region. */
const readWithKeys = (chart: Drawn, host: HTMLElement, plot: () => UPlot): void => {
  const said = host.parentElement?.querySelector(".said");
  let at = -1;
  host.addEventListener("keydown", (event) => {
    const last = chart.x.values.length - 1;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    at = Math.min(last, Math.max(0, next));
    plot().setCursor({ left: plot().valToPos(chart.x.values[at] ?? 0, "x"), top: 10 });
    if (said) said.textContent = pointText(chart, at);
  });
};

const start = (chart: Drawn): (() => void) | null => {
  const host = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
  if (host === null) return null;
  let plot = draw(chart, host);
  const again = (): void => {
    plot.destroy();
    plot = draw(chart, host);
  };
  new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientWidth !== plot.width) {
      plot.setSize({ width: host.clientWidth, height: HEIGHT });
    }
  }).observe(host);
  readWithKeys(chart, host, () => plot);
  host.addEventListener("points", (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { values, names, series }: Points = event.detail;
    chart.x = { ...chart.x, values, names };
    chart.series = chart.series.map((one, index) => ({ ...one, values: series[index] ?? [] }));
    plot.setData(dataOf(chart));
  });
  return again;
};

const redraw = all.map(start).filter((again) => again !== null);
// Colours come from the style sheet, which has others for dark screens and for paper.
for (const query of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(query).addEventListener("change", () => {
    for (const again of redraw) again();
  });
}
