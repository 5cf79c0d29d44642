import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { renderInflux } from "../../../src/report/export/influx.ts";
import { record } from "../../golden/fixtures.ts";

type Panel = { readonly title: string; readonly targets: readonly { readonly query: string }[] };
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
  readFileSync("examples/grafana/swarmgate.json", "utf8"),
);

/** Names of tags and fields of a measurement, as they are written. */
const columnsOf = (measurement: string): ReadonlySet<string> => {
  const line = renderInflux(record({ totals: { ...record().totals, dropped: 3 } }))
    .split("\n")
    .find((one) => one.startsWith(`${measurement},`));
  return new Set([...(line ?? "").matchAll(/[, ]([a-z_0-9]+)=/g)].map(([, name]) => name ?? ""));
};

it.each(dashboard.panels.map((panel) => [panel.title, panel] as const))(
  "the dashboard's panel asks for what the export writes: %s",
  (_, { targets }) => {
    for (const { query } of targets) {
      const [, selected = "", measurement = ""] = /^SELECT (.*) FROM "(\w+)"/.exec(query) ?? [];
      const asked = [...selected.replaceAll(/ AS "[^"]+"/g, "").matchAll(/"(\w+)"/g)].map(([, name]) => name ?? "");
      expect(asked.length).toBeGreaterThan(0);
      expect([...asked, "name", "run"].filter((name) => !columnsOf(measurement).has(name))).toEqual([]);
    }
  },
);
