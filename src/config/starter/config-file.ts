import { INPUTS } from "../inputs.ts";
import { usesAws } from "./rights.ts";
import type { StackName } from "./stacks.ts";

/** `.github/swarmgate.yml`: the load with its defaults written out, and what most people change next as comments. */
export const starterConfig = (stack: StackName): string => {
  const lines = [
    "# Read by the action and by the command line; what they are given themselves wins. All keys: docs/configuration.md.",
    "load:",
    ...LOAD.map(({ name, about }) => `  ${name}: ${defaultOf(name)} # ${about}`),
    "",
    "# target:",
    "#   ready-path: /healthz # probed until it answers, then the load starts",
    ...(stack === "url" ? ["#   headers:", `#     authorization: Bearer \${API_TOKEN} # from the step's env:`] : []),
    "",
    "gate:",
    `  on-no-baseline: ${defaultOf("on-no-baseline")} # the first runs have nothing to compare with`,
    "  # limits:",
    "  #   p95: +10% and +5ms # against the base branch; both must be exceeded",
    "  #   failure-rate: <= 1% # whatever the base branch does",
    ...(usesAws(stack) ? ["  #   lambda-duration: +10% and +3ms", ...AWS] : []),
  ];
  return `${lines.join("\n")}\n`;
};

const LOAD = [
  { name: "users", about: "simulated at once, each with a connection of its own" },
  { name: "run-time", about: "the ramp included; longer runs see smaller changes" },
  { name: "wait-time", about: "seconds that a user waits between two requests" },
] as const;

const AWS: readonly string[] = [
  "",
  "# aws:",
  "#   functions: [orders] # the Lambda functions behind the URL, where no stack names them",
  "#   max-concurrency: 800 # what required-concurrency may not exceed",
];

/** Written out as it is, so that the file changes nothing until somebody edits it. */
const defaultOf = (name: string): string => {
  const text = INPUTS.find((row) => row.name === name)?.default;
  if (text === undefined) throw new Error(`the input ${name} has no fixed default`);
  return text;
};
