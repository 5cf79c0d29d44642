import { readDocument } from "../document-fields.ts";
import type { Format } from "../format.ts";
import { failedIncluded, ofAllRequests, outcomesOf, printedMeasured } from "../summary-measured.ts";

/** `statistics.json` of JMeter's HTML dashboard: percentiles only, milliseconds. */
export const jmeterStatistics: Format = {
  name: "JMeter dashboard (statistics.json)",
  tool: "jmeter",
  percentiles: "jmeter-dashboard, all requests; connect to last byte",
  shape: {
    kind: "document",
    read: (value) =>
      readDocument(value, (fields) => {
        const ms = (name: string): number | null => fields.ms(1000, "Total", name);
        const requests = fields.count("Total", "sampleCount");
        const outcomes = outcomesOf(requests, Math.min(requests, fields.count("Total", "errorCount")));
        const throughput = fields.amount("Total", "throughput");
        return printedMeasured({
          outcomes,
          ...ofAllRequests("JMeter", outcomes, {
            latency: {
              p50: ms("medianResTime"),
              p90: ms("pct1ResTime"),
              p95: ms("pct2ResTime"),
              p99: ms("pct3ResTime"),
              min: ms("minResTime"),
              max: ms("maxResTime"),
              mean: ms("meanResTime"),
            },
            why: "JMeter's dashboard does not hold it",
          }),
          seconds: throughput > 0 ? requests / throughput : 0,
          notes: [
            "JMeter's dashboard holds percentiles only, taken to be the default ones: 90, 95 and 99.",
            ...failedIncluded("JMeter", outcomes),
          ],
        });
      }),
  },
};
