import { type Parsed, type Problem, parsed, refused, usageProblem } from "../errors.ts";
import type { FunctionRef } from "./cloud.ts";

/** A CloudFormation stack: where it stands and what it tells. */
export type Stack = {
  readonly status: string;
  readonly reason: string | null;
  /** In the order of the template. */
  readonly outputs: readonly { readonly key: string; readonly value: string }[];
};

export type StackFunction = { readonly logicalId: string; readonly name: string };

export type StackResource = { readonly type: string; readonly logicalId: string; readonly physicalId: string };

/**
 * Names of outputs that frameworks write for the URL of an API: the Serverless Framework's two, and the AWS CDK's
 * `<construct>Endpoint<8 hex digits>`.
 */
const KNOWN_OUTPUTS = [/^(?:ServiceEndpoint|HttpApiUrl)/, /Endpoint[0-9A-F]{8}$/, /^(?:WebEndpoint|FunctionUrl)$/];

/** The URL among a stack's outputs: the only one, else the only one under a name that frameworks use for it. */
export const stackUrl = (name: string, { outputs }: Stack): Parsed<string> => {
  const urls = outputs.flatMap(({ key, value }) => (isUrl(value) ? [{ key, url: value }] : []));
  for (const among of [urls, ...KNOWN_OUTPUTS.map((known) => urls.filter(({ key }) => known.test(key)))]) {
    const [first] = among;
    if (first !== undefined && among.every(({ url }) => plain(url) === plain(first.url))) return parsed(first.url);
  }
  return refused([
    urls.length === 0
      ? noUrl(name)
      : ambiguous(
          name,
          urls.map(({ key }) => key),
        ),
  ]);
};

/**
 * The stack's Lambda functions, without those that only serve the deployment itself: custom resources and log retention
 * of the AWS CDK and their like.
 */
export const stackFunctions = (functions: readonly StackFunction[]): readonly FunctionRef[] =>
  functions.flatMap(({ logicalId, name }) =>
    name === "" || DEPLOYMENT_ONLY.test(logicalId) ? [] : [{ label: name, name, qualifier: null, region: null }],
  );

const DEPLOYMENT_ONLY = /CustomResource|LogRetention|AutoDeleteObjects|BucketNotificationsHandler|^AWS[0-9a-f]{12,}/;

const isUrl = (value: string): boolean => /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value);
const plain = (url: string): string => new URL(url).href.replace(/\/$/, "");

const noUrl = (name: string): Problem =>
  usageProblem(
    "stack-not-usable",
    `The stack ${name} has no output that is a URL.`,
    "Add an output with the URL to the template, or give url.",
  );

const ambiguous = (name: string, keys: readonly string[]): Problem =>
  usageProblem(
    "stack-not-usable",
    `The stack ${name} has several outputs that are URLs: ${keys.join(", ")}.`,
    "Give the one to load as url; stack-name still names the functions.",
  );
