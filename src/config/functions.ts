import type { FunctionRef } from "../cloud/cloud.ts";
import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import { type Given, quote } from "./given.ts";

/** Lambda functions as `name`, `name:alias`, `name:version` or ARN, one a line or separated by commas. */
export const parseFunctions = (given: Given): Parsed<readonly FunctionRef[]> => {
  const functions: FunctionRef[] = [];
  const problems: Problem[] = [];
  for (const label of given.text.split(/[\s,]+/).filter((text) => text !== "")) {
    const found = functionOf(label);
    const other = functions.find((earlier) => found !== null && countsTwice(earlier, found));
    if (found === null) problems.push(noFunction(given, label));
    else if (other !== undefined) problems.push(twice(given, other.label, label));
    else functions.push(found);
  }
  return problems.length === 0 ? parsed(functions) : refused(problems);
};

const noFunction = (given: Given, label: string): Problem =>
  usageProblem(
    "bad-value",
    `${given.label} names ${quote(label)}, which is not a Lambda function.`,
    "Write names, name:alias or ARNs such as arn:aws:lambda:eu-central-1:123456789012:function:orders:live.",
  );

const twice = (given: Given, first: string, second: string): Problem => {
  const message = `${given.label} names ${first} and ${second}, whose invocations would be counted twice.`;
  return usageProblem("conflicting-values", message, "Keep one of the two.");
};

const QUALIFIED = "([A-Za-z0-9_-]{1,140})(?::(\\$LATEST|[A-Za-z0-9_-]{1,128}))?";
const BARE = new RegExp(`^${QUALIFIED}$`);
const ARN = new RegExp(`^arn:aws[a-z-]*:lambda:([a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}):[0-9]{12}:function:${QUALIFIED}$`);

const functionOf = (label: string): FunctionRef | null => {
  const bare = BARE.exec(label);
  if (bare !== null) return { label, name: bare[1] ?? "", qualifier: bare[2] ?? null, region: null };
  const arn = ARN.exec(label);
  return arn === null ? null : { label, name: arn[2] ?? "", qualifier: arn[3] ?? null, region: arn[1] ?? null };
};

/** The whole function contains each of its aliases. */
export const countsTwice = (a: FunctionRef, b: FunctionRef): boolean =>
  a.name === b.name && (a.qualifier === b.qualifier || a.qualifier === null || b.qualifier === null);
