/** Runs in the browser of whoever watches a load: shows what its server sends, and asks it for changes. */
import type { LiveRow, LiveSecond } from "../../../../load/result.ts";
import type { LiveEvents, LivePoint, LiveStatus } from "../../../live-events.ts";

/** As many as the server keeps (MOST_POINTS, live-events.ts). */
const MOST_POINTS = 3600;
const MOST_LINES = 100;

const byId = (id: string): HTMLElement | null => document.getElementById(id);
const setText = (id: string, text: string): void => {
  const element = byId(id);
  if (element !== null && element.textContent !== text) element.textContent = text;
};

const fixed = (value: number, digits: number): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const millis = (value: number | null): string => (value === null ? "-" : fixed(value, value < 10 ? 1 : 0));
const rate = (value: number): string => fixed(value, 1);

let points: LivePoint[] = [];

const CHARTS: Readonly<Record<string, readonly ((point: LivePoint) => number | null)[]>> = {
  load: [(point) => point.requestsPerSecond, (point) => point.users],
  latency: [(point) => point.p50, (point) => point.p95, (point) => point.p99],
  failures: [(point) => point.failuresPerSecond],
};

const drawPoints = (): void => {
  for (const [id, series] of Object.entries(CHARTS)) {
    const detail = {
      values: points.map(({ elapsed }) => elapsed),
      names: points.map(({ elapsed }) => `${Math.round(elapsed)}s`),
      series: series.map((value) => points.map(value)),
    };
    document.querySelector(`[data-chart="${id}"]`)?.dispatchEvent(new CustomEvent("points", { detail }));
  }
};

const cellOf = (name: "td" | "th", text: string, style: string): HTMLTableCellElement => {
  const cell = document.createElement(name);
  if (name === "th") cell.scope = "row";
  if (style !== "") cell.className = style;
  cell.textContent = text;
  return cell;
};

const rowOf = (...cells: readonly HTMLTableCellElement[]): HTMLTableRowElement => {
  const row = document.createElement("tr");
  row.append(...cells);
  return row;
};

const figuresOf = (row: LiveRow): readonly string[] => [
  fixed(row.requests, 0),
  fixed(row.failures, 0),
  millis(row.p50),
  millis(row.p95),
  millis(row.p99),
  millis(row.mean),
  millis(row.min),
  millis(row.max),
  rate(row.requestsPerSecond),
  rate(row.failuresPerSecond),
];

/** A row without a name of its own is called `GET /orders`, and its method has a column. */
const nameOf = ({ name, method }: LiveRow): string =>
  method !== "" && name.startsWith(`${method} `) ? name.slice(method.length + 1) : name;

/** Of the columns of figures; on a phone a row is a card, with the title above each figure. */
const FIGURE_TITLES = [...document.querySelectorAll(".tasks thead th.number")].map((head) => head.textContent ?? "");

const figureCell = (text: string, column: number): HTMLTableCellElement => {
  const cell = cellOf("td", text, "number");
  cell.dataset["title"] = FIGURE_TITLES[column] ?? "";
  return cell;
};

const taskRow = (row: LiveRow): HTMLTableRowElement =>
  rowOf(cellOf("td", row.method, ""), cellOf("th", nameOf(row), "name"), ...figuresOf(row).map(figureCell));

const showTables = ({ rows, total, outcomes }: LiveSecond): void => {
  byId("tasks")?.replaceChildren(...rows.map(taskRow));
  byId("total")?.replaceChildren(taskRow({ ...total, name: "Aggregated" }));
  const failed = Object.entries(outcomes)
    .filter(([name, count]) => name !== "ok" && count > 0)
    .sort(([, a], [, b]) => b - a);
  byId("classes")?.replaceChildren(
    ...failed.map(([name, count]) => rowOf(cellOf("th", name, ""), cellOf("td", fixed(count, 0), "number"))),
  );
};

const showSecond = (second: LiveSecond): void => {
  showTables(second);
  const { total, users } = second;
  setText("now-users", `${fixed(users, 0)} users`);
  setText("now-rps", `${rate(second.requestsPerSecond)} requests/s`);
  const share = total.requests === 0 ? 0 : (100 * total.failures) / total.requests;
  setText("now-failures", `${fixed(total.failures, 0)} failures (${fixed(share, share > 0 && share < 10 ? 2 : 0)} %)`);
};

const field = (id: string): HTMLInputElement | null => document.querySelector<HTMLInputElement>(`input#${id}`);

/** What was asked for last; a field that somebody has written in is left alone. */
let asked: Pick<LiveStatus, "users" | "spawnRate"> | null = null;

const showStatus = (status: LiveStatus): void => {
  const { phase, elapsed, runTime, users, spawnRate, changed } = status;
  setText("phase", phase.toUpperCase());
  const progress = document.querySelector<HTMLProgressElement>("#progress");
  const inWindow = phase === "ramp" || phase === "steady";
  if (progress !== null && runTime > 0 && (inWindow || phase === "drain")) {
    progress.value = Math.min(1, elapsed / runTime);
  }
  setText("now-time", inWindow ? `${Math.round(elapsed)} s of ${Math.round(runTime)} s` : "");
  enable("stop", phase !== "stopping" && phase !== "reading" && phase !== "drain");
  enable("apply", inWindow);
  if (asked === null || asked.users !== users || asked.spawnRate !== spawnRate) {
    for (const [id, value] of [["users", users] as const, ["spawn-rate", spawnRate] as const]) {
      const input = field(id);
      if (input !== null) input.value = String(value);
    }
  }
  asked = { users, spawnRate };
  if (changed) setText("answer", `The load was changed by hand: ${users} users at ${spawnRate} per second.`);
};

const enable = (id: string, on: boolean): void => {
  const button = document.querySelector<HTMLButtonElement>(`button#${id}`);
  if (button !== null) button.disabled = !on;
};

const addLine = (text: string): void => {
  const list = byId("lines");
  const line = document.createElement("li");
  line.textContent = text;
  list?.append(line);
  while (list !== null && list.children.length > MOST_LINES) list.firstElementChild?.remove();
};

const ask = async (what: "stop" | "users", body: unknown): Promise<void> => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(what, init);
    setText("answer", await answer.text());
  } catch {
    setText("answer", "The run does not answer any more.");
  }
};

byId("stop")?.addEventListener("click", () => {
  enable("stop", false);
  void ask("stop", {});
});
byId("change")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = { users: Number(field("users")?.value), spawnRate: Number(field("spawn-rate")?.value) };
  void ask("users", wanted);
});

const source = new EventSource("events");
const on = <Name extends keyof LiveEvents>(name: Name, show: (data: LiveEvents[Name]) => void): void => {
  source.addEventListener(name, (event) => show(JSON.parse(event.data)));
};

on("hello", (hello) => {
  points = [...hello.points];
  byId("lines")?.replaceChildren();
  for (const line of hello.lines) addLine(line);
  if (hello.second !== null) showSecond(hello.second);
  showStatus(hello.status);
  drawPoints();
});
on("second", (second) => {
  points.push(second);
  if (points.length > MOST_POINTS) points.shift();
  showSecond(second);
  drawPoints();
});
on("status", showStatus);
on("line", addLine);
on("end", ({ verdict, headline }) => {
  source.close();
  setText("phase", verdict.toUpperCase().replace("-", " "));
  setText("headline", headline);
  const banner = byId("banner");
  if (banner !== null) banner.className = `banner ${verdict}`;
  enable("stop", false);
  enable("apply", false);
});
// The browser tries again by itself; until then nobody should take old figures for new ones.
source.addEventListener("error", () => setText("phase", "NO CONNECTION"));
