// One request a turn; the shape of the load comes in LOAD, the waiting time in WAIT.
import { sleep } from "k6";
import http from "k6/http";

const wait = Number(__ENV.WAIT);

export const options = {
  scenarios: { bench: JSON.parse(__ENV.LOAD) },
  discardResponseBodies: true,
  summaryTrendStats: ["med", "p(95)", "p(99)"],
};

export default function () {
  http.get(__ENV.URL);
  if (wait > 0) sleep(wait);
}

export function handleSummary(data) {
  return { stdout: JSON.stringify(data.metrics) };
}
