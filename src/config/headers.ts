import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import type { Given } from "./given.ts";

/** Headers from `name: value` lines. Messages name the line or the header and never a value: values may be secrets. */
export const parseHeaders = (given: Given): Parsed<Readonly<Record<string, string>>> => {
  const headers = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [index, line] of given.text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const header = headerOf(line);
    const problem = header === null ? noHeader(given, index + 1) : faultOf(given, header, [...headers.keys()]);
    if (problem !== null) problems.push(problem);
    else if (header !== null) headers.set(header.name, header.value);
  }
  return problems.length === 0 ? parsed(Object.fromEntries(headers)) : refused(problems);
};

/** Name and value of a line, `null` when it is not a header; surrounding spaces belong to neither. */
export const headerOf = (line: string): Header | null => {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0)).trim();
  return HEADER_NAME.test(name) ? { name, value: line.slice(colon + 1).trim() } : null;
};

export type Header = { readonly name: string; readonly value: string };

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a header value may hold (RFC 9110 section 5.5): visible characters, spaces, tabs, and bytes from 0x80. */
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** They frame the message or steer the connection: the load engine sets them. */
const FRAMING = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const noHeader = (given: Given, line: number): Problem =>
  usageProblem("bad-value", `Line ${line} of ${given.label} is not a header.`, "Write one `name: value` a line.");

const faultOf = (given: Given, { name, value }: Header, earlier: readonly string[]): Problem | null => {
  if (earlier.some((other) => other.toLowerCase() === name.toLowerCase())) {
    return usageProblem(
      "conflicting-values",
      `The header ${name} stands twice in ${given.label}.`,
      "Keep one of the two.",
    );
  }
  if (FRAMING.has(name.toLowerCase())) {
    const hint = "Remove it: the load engine sets it for each request.";
    return usageProblem("bad-value", `The header ${name} of ${given.label} cannot be set.`, hint);
  }
  if (HEADER_VALUE.test(value)) return null;
  const message = `The header ${name} of ${given.label} holds a character that no header may hold.`;
  return usageProblem("bad-value", message, "Use visible ASCII characters and spaces.");
};
