/** A command line that can be copied, and what it does. */
export type Example = { readonly line: string; readonly does: string };

/** Two for each command, shown by `--help`; a test reads them as the command itself would. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  run: [
    { line: "swarmgate run --url http://localhost:3000", does: "20 users for a minute, the record in run.json" },
    {
      line: 'swarmgate run --url http://localhost:3000 --users 50 --run-time 2m --baseline main.json --out change.json --limits "p95: +10% and +5ms"',
      does: "a larger load, judged against an earlier record of the same load",
    },
  ],
  compare: [
    { line: "swarmgate compare --base main.json --head change.json", does: "the verdict on two run records" },
    {
      line: 'swarmgate compare --base main-1.json main-2.json --head change.json --limits "p95: <= 500ms" --json',
      does: "two runs of the base, a limit of your own, the result as JSON",
    },
  ],
  calibrate: [
    {
      line: "swarmgate calibrate --url http://localhost:3000",
      does: "15 rounds of a minute, the noise floor in history.json, limits to paste",
    },
    {
      line: "swarmgate calibrate --url http://localhost:3000 --run-time 20s --rounds 6 --out noise.json --json",
      does: "a first impression in three minutes, as JSON",
    },
  ],
  explain: [
    { line: "swarmgate explain result.json", does: "every metric that gates, from what --json wrote" },
    { line: "swarmgate explain result.json --metric p95", does: "one metric" },
  ],
  merge: [
    { line: "swarmgate merge shard-1.json shard-2.json --out run.json", does: "one record of two shards" },
    {
      line: "swarmgate merge shard-1.json shard-2.json --base main.json --functions orders",
      does: "judged against another run, with what AWS saw of both",
    },
  ],
  import: [
    { line: "swarmgate import results.jtl --out run.json", does: "a run record of JMeter's samples" },
    {
      line: "swarmgate import k6.ndjson --drop-bad-lines",
      does: "of k6's points, to stdout, without its unreadable lines",
    },
  ],
  report: [
    { line: "swarmgate report run.json", does: "one run in words" },
    {
      line: "swarmgate report change.json --base main.json --format html --out report.html",
      does: "the page with charts, judged against another run",
    },
  ],
  capacity: [
    {
      line: "swarmgate capacity --rate 200/s --duration 120ms",
      does: "execution environments, quota and cost at 200 requests per second",
    },
    {
      line: "swarmgate capacity --rate 1000/s --duration 80ms --memory 1024 --account-limit 1000 --json",
      does: "with the function's memory and the account's limit, as JSON",
    },
  ],
  init: [
    { line: "swarmgate init", does: "for the stack whose files are here" },
    { line: "swarmgate init --stack cdk", does: "for the AWS CDK, whatever else is here" },
  ],
  doctor: [
    { line: "swarmgate doctor --url http://localhost:3000", does: "everything, with one request to the target" },
    {
      line: "swarmgate doctor --stack-name orders-pr-12 --aws-region eu-central-1",
      does: "every right of the role, on the functions of a stack",
    },
  ],
  demo: [
    { line: "swarmgate demo", does: "four acts of about a minute together" },
    { line: "swarmgate demo --out story --json", does: "the outcomes as JSON, the files in a folder of that name" },
  ],
};
