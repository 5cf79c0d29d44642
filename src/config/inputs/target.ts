import type { InputRow } from "../input-row.ts";

export const TARGET_INPUTS = [
  {
    name: "url",
    aliases: ["host"],
    knownAs: ["target", "endpoint", "uri", "target-url"],
    section: "target",
    value: { type: "url" },
    about: "Where the load goes: scheme, host and, if wanted, port, path and query. `host` is another name for it.",
    built: true,
  },
  {
    name: "base-url",
    knownAs: ["baseline-url", "base-host"],
    section: "target",
    value: { type: "url" },
    defaultNote: "none: the run is compared with earlier runs",
    about:
      "Deployment of the base branch: base and head are then measured in turns, in rounds (paired mode, docs/paired.md). It gets the same `headers`.",
    built: true,
  },
  {
    name: "stack-name",
    knownAs: ["stack", "cloudformation", "cloudformation-stack"],
    section: "target",
    value: {
      type: "text",
      pattern: "[A-Za-z][A-Za-z0-9-]{0,127}|arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:[0-9]{12}:stack/[A-Za-z0-9/-]+",
      form: "the name or ARN of a CloudFormation stack",
      example: "orders-pr-12",
    },
    defaultNote: "none",
    about:
      "CloudFormation stack of the deployment: names the URL by its outputs and the functions by its resources, where `url` or `functions` are not given, and is waited for.",
    built: true,
  },
  {
    name: "ready-path",
    section: "target",
    // A second slash or a backslash would name another host once the path is joined to the origin.
    value: {
      type: "text",
      pattern: "/(?![/\\\\])[^\\s\\\\#]*",
      form: "a path that starts with one slash",
      example: "/healthz",
    },
    defaultNote: "the path of `url`",
    about: "Path that is probed until the target is ready.",
    built: true,
  },
  {
    name: "ready-status",
    section: "target",
    value: { type: "statuses" },
    default: "200-399",
    about: "Status codes that count as ready: codes and ranges, separated by commas.",
    built: true,
  },
  {
    name: "ready-commit",
    section: "target",
    value: {
      type: "text",
      pattern: "header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|json:/[^\\s]*",
      form: "header:NAME or json:/pointer",
      example: "header:x-commit",
    },
    defaultNote: "no proof is asked for",
    about: "Where the answer names the commit it was built from: `header:NAME` or `json:/pointer`.",
    built: true,
  },
  {
    name: "ready-timeout",
    section: "target",
    value: { type: "duration", min: "0s", max: "1h", example: "5m" },
    default: "5m",
    about: "How long to wait for the target to become ready.",
    built: true,
  },
  {
    name: "allowed-hosts",
    section: "target",
    value: { type: "hosts" },
    defaultNote: "the host of `url` only",
    about: "Other hosts that requests may go to, one a line; `*.example.com` is every host below example.com.",
    built: true,
  },
  {
    name: "headers",
    knownAs: ["header"],
    section: "target",
    value: { type: "headers" },
    defaultNote: "none",
    about: "Headers of every request, one `name: value` a line, a map in the config file. Their values are masked.",
    built: true,
    secret: true,
  },
] as const satisfies readonly InputRow[];
