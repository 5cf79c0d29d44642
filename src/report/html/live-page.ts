/** The live page of a running load: the report's charts, fed by the server that hands it out, and by nobody else. */
import type { Chart } from "../chart.ts";
import { clip } from "../escape.ts";
import { chartData } from "./chart-figure.ts";
import { element, emptyElement } from "./element.ts";
import { escapeHtml } from "./escape-html.ts";
import {
  LIVE_SCRIPT,
  LIVE_SCRIPT_HASH,
  LIVE_STYLE,
  LIVE_STYLE_HASH,
  PAGE_SCRIPT,
  PAGE_SCRIPT_HASH,
  PAGE_STYLE,
  PAGE_STYLE_HASH,
} from "./page-assets.ts";
import { scrollable } from "./table.ts";

export type LivePage = {
  /** What is loaded, without user and password. */
  readonly target: string;
  readonly users: number;
  readonly spawnRate: number;
  /** `null` where the load has nothing to change: arrivals, stages. */
  readonly mostUsers: number | null;
};

/** The page, and the policy that its server sends with it: scripts and styles of ours only, connections to itself only. */
export const renderLivePage = (page: LivePage): { readonly html: string; readonly policy: string } => ({
  policy: POLICY,
  html: [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    element("title", {}, escapeHtml(`swarmgate: ${clip(page.target, LONGEST_TITLE)}`).replace(/<\/?bdi>/g, "")),
    `<style>${PAGE_STYLE}</style>`,
    `<style>${LIVE_STYLE}</style>`,
    "</head>",
    "<body>",
    banner(page),
    "<main>",
    "<noscript><p>The live page needs its script. The load runs without it; the terminal has its figures.</p></noscript>",
    controls(page),
    section("charts-title", "Charts", element("div", { class: "grid" }, ...CHARTS.map(figure))),
    section("tasks-title", "Tasks", scrollable("Tasks", TASKS)),
    section("failures-title", "Failures", scrollable("Failures", FAILURES)),
    section("lines-title", "Log", element("ol", { id: "lines", class: "lines" })),
    "</main>",
    `<script type="application/json" id="charts">${chartData(CHARTS)}</script>`,
    `<script>${PAGE_SCRIPT}</script>`,
    `<script>${LIVE_SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n"),
});

const LONGEST_TITLE = 150;

const POLICY = [
  "default-src 'none'",
  `script-src '${PAGE_SCRIPT_HASH}' '${LIVE_SCRIPT_HASH}'`,
  `style-src '${PAGE_STYLE_HASH}' '${LIVE_STYLE_HASH}'`,
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const section = (id: string, title: string, content: string): string =>
  element("section", { "aria-labelledby": id }, element("h2", { id }, title), content);

const banner = ({ target }: LivePage): string =>
  element(
    "header",
    { class: "banner neutral", id: "banner" },
    element("p", { class: "verdict" }, element("strong", { id: "phase", role: "status" }, "WAITING")),
    element("h1", { id: "headline" }, escapeHtml(target)),
    element("progress", { id: "progress", max: 1, value: 0, "aria-label": "Part of the run-time that has passed" }),
    element(
      "ul",
      { class: "provenance figures-now" },
      ...["time", "users", "rps", "failures"].map((id) => element("li", { id: `now-${id}` })),
    ),
  );

const controls = ({ users, spawnRate, mostUsers }: LivePage): string =>
  section(
    "controls-title",
    "Controls",
    [
      element(
        "div",
        { class: "controls" },
        element("button", { type: "button", id: "stop" }, "Stop the load"),
        mostUsers === null
          ? element("span", {}, "Users follow the rate or the stages of the plan.")
          : element(
              "form",
              { id: "change" },
              numberField({ id: "users", label: "Users", value: users, min: 1, max: mostUsers, step: 1 }),
              numberField({
                id: "spawn-rate",
                label: "per second",
                value: spawnRate,
                min: 0.01,
                max: 100_000,
                step: "any",
              }),
              element("button", { type: "submit", id: "apply" }, "Change users"),
            ),
      ),
      element("p", { id: "answer", role: "status" }),
      element(
        "p",
        {},
        element(
          "small",
          {},
          mostUsers === null
            ? "A stopped run is not judged. Closing this page changes nothing."
            : "A run that is stopped or changed here is not judged and is never a baseline. Closing this page changes nothing.",
        ),
      ),
    ].join(""),
  );

type NumberField = {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number | "any";
};

const numberField = ({ id, label, ...field }: NumberField): string =>
  element("label", {}, `${label} `, emptyElement("input", { type: "number", id, required: true, ...field }));

type Drawn = Omit<Chart, "table">;

const SECONDS: Chart["x"] = { label: "seconds since the start", values: [], names: [], ticks: null };
const line = (name: string, tone: Chart["series"][number]["tone"]): Chart["series"][number] => ({
  name,
  values: [],
  axis: "left",
  look: "line",
  tone,
});

/** As in the report; the order of a chart's series is that in which the page's script hands them over. */
const CHARTS: readonly Drawn[] = [
  {
    id: "load",
    title: "Requests per second and users",
    text: "Requests that ended in each second, and users at its end.",
    x: SECONDS,
    left: { label: "requests/s", unit: "rps", scale: "linear" },
    right: { label: "users", unit: "users", scale: "linear" },
    series: [line("requests/s", "load"), { ...line("users", "users"), axis: "right", look: "steps" }],
  },
  {
    id: "latency",
    title: "Response time over time",
    text: "Percentiles of the successful responses of each second.",
    x: SECONDS,
    left: { label: "response time", unit: "ms", scale: "linear" },
    right: null,
    series: [line("p50", "middle"), line("p95", "high"), line("p99", "highest")],
  },
  {
    id: "failures",
    title: "Failures per second",
    text: "Requests that failed in each second, of all classes.",
    x: SECONDS,
    left: { label: "failures/s", unit: "rps", scale: "linear" },
    right: null,
    series: [line("failures/s", "failure-0")],
  },
];

const figure = ({ id, title, text }: Drawn): string =>
  element(
    "figure",
    { class: "card chart", id: `chart-${id}` },
    element("figcaption", {}, element("h3", {}, title), element("p", {}, text)),
    element("div", {
      class: "plot",
      role: "img",
      tabindex: 0,
      "data-chart": id,
      "aria-label": `${title}. ${text} Arrow keys read the points.`,
    }),
    element("p", { class: "said", "aria-live": "polite" }),
  );

/** Locust's columns, but the mean size of a response, which is not counted by task. */
const COLUMNS = [
  "# requests",
  "# fails",
  "median (ms)",
  "95%ile (ms)",
  "99%ile (ms)",
  "average (ms)",
  "min (ms)",
  "max (ms)",
  "current RPS",
  "current failures/s",
];

const head = (...titles: readonly (readonly [string, string | null])[]): string =>
  element(
    "thead",
    {},
    element("tr", {}, ...titles.map(([title, style]) => element("th", { scope: "col", class: style }, title))),
  );

const TASKS = element(
  "table",
  { class: "tasks many" },
  head(["type", null], ["name", "name"], ...COLUMNS.map((title) => [title, "number"] as const)),
  element("tbody", { id: "tasks" }),
  element("tbody", { id: "total", class: "total" }),
);

const FAILURES = element(
  "table",
  {},
  head(["class", null], ["requests", "number"]),
  element("tbody", { id: "classes" }),
);
