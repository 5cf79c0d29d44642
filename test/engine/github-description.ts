/** GitHub's own description of its REST interface, as a judge of single exchanges. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv";
import type { Exchange } from "../../simulator/github/exchanges.ts";
import { compile, isJson, type Json, mismatch, schemaOf } from "./openapi-schema.ts";

export type Description = {
  /** What of the exchange is not as GitHub describes it; empty when all is. */
  readonly problemsOf: (exchange: Exchange) => readonly string[];
  /** `GET /repos/{owner}/{repo}/commits`, `null` when GitHub has no such operation. */
  readonly operationOf: (exchange: Pick<Exchange, "method" | "path">) => string | null;
};

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Json };
type Operation = {
  readonly name: string;
  readonly pattern: RegExp;
  readonly method: string;
  readonly parameters: readonly Parameter[];
  readonly body: Json | null;
  readonly responses: Json;
};
type Resolve = (value: unknown) => Json;

export const githubDescription = (): Description => {
  const require = createRequire(import.meta.url);
  const file = require.resolve("@octokit/openapi/generated/api.github.com.json");
  const whole: Json = JSON.parse(readFileSync(file, "utf8"));
  const components = at(whole, "components", "schemas");
  const resolve: Resolve = (value) => {
    const reference = isJson(value) ? value["$ref"] : undefined;
    return typeof reference === "string" ? resolve(at(whole, ...reference.slice(2).split("/"))) : json(value);
  };
  const operations = operationsOf(whole, resolve);
  const compiled = new Map<unknown, ValidateFunction>();
  const check = (schema: unknown, value: unknown): readonly string[] => {
    const known = compiled.get(schema) ?? compile(schemaOf(schema, components));
    compiled.set(schema, known);
    return mismatch(known, value);
  };
  const find = ({ method, path }: Pick<Exchange, "method" | "path">): Operation | undefined =>
    operations.find((one) => one.method === method && one.pattern.test(path.split("?")[0] ?? ""));
  return {
    operationOf: (exchange) => find(exchange)?.name ?? null,
    problemsOf: (exchange) => {
      const operation = find(exchange);
      if (operation === undefined) return ["GitHub has no such operation"];
      return [
        ...parameterProblems(operation, exchange, check),
        ...bodyProblems(operation, exchange, check),
        ...(exchange.planned ? [] : answerProblems(operation, exchange, { check, resolve, components })),
      ];
    },
  };
};

type Check = (schema: unknown, value: unknown) => readonly string[];

const operationsOf = (whole: Json, resolve: Resolve): readonly Operation[] =>
  Object.entries(at(whole, "paths"))
    .flatMap(([path, item]) =>
      Object.entries(json(item)).map(([method, operation]) => {
        const { parameters = [], requestBody, responses } = json(operation);
        const listed = Array.isArray(parameters) ? parameters : [];
        return {
          name: `${method.toUpperCase()} ${path}`,
          pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
          method: method.toUpperCase(),
          // Parsed from the description, whose form the OpenAPI specification fixes.
          parameters: listed.map((one) => resolve(one) as Parameter),
          body: requestBody === undefined ? null : resolve(requestBody),
          responses: json(responses),
        };
      }),
    )
    // Where a name and a word match, the word is meant.
    .toSorted((a, b) => names(a) - names(b));

const names = ({ name }: Operation): number => name.split("{").length;

/** Names, values and the largest page; GitHub tells the latter in words only. */
const parameterProblems = (operation: Operation, { path }: Exchange, check: Check): readonly string[] => {
  const [place = "", query = ""] = path.split("?");
  const inPath = Object.entries(operation.pattern.exec(place)?.groups ?? {});
  const asked = [...new URLSearchParams(query)];
  const unknown = asked.filter(
    ([name]) => !operation.parameters.some((one) => one.in === "query" && one.name === name),
  );
  const judged = operation.parameters.flatMap((one) => {
    const given = (one.in === "path" ? inPath : one.in === "query" ? asked : []).find(([name]) => name === one.name);
    if (given === undefined) return one.required === true ? [`${one.name} is missing`] : [];
    const value = one.in === "path" ? decodeURIComponent(given[1]) : given[1];
    return check(one.schema, asTyped(one.schema, value)).map((text) => `${one.name}${text}`);
  });
  const pages = asked.filter(([name, value]) => name === "per_page" && Number(value) > 100);
  return [
    ...unknown.map(([name]) => `${name} is no parameter of ${operation.name}`),
    ...judged,
    ...pages.map(([, value]) => `per_page is ${value}, and GitHub gives 100 at most`),
  ];
};

const asTyped = ({ type }: Json, value: string): unknown =>
  type === "integer" || type === "number" ? Number(value) : type === "boolean" ? value === "true" : value;

const bodyProblems = ({ name, body }: Operation, { request }: Exchange, check: Check): readonly string[] => {
  if (body === null) return request === null ? [] : [`${name} takes no body`];
  if (request === null) return body["required"] === true ? ["the body is missing"] : [];
  return check(jsonSchema(body), request).map((text) => `the body${text}`);
};

const answerProblems = (
  { name, responses }: Operation,
  { status, answer, location }: Exchange,
  { check, resolve, components }: { readonly check: Check; readonly resolve: Resolve; readonly components: Json },
): readonly string[] => {
  const told = responses[String(status)];
  const isError = status >= 400;
  if (told === undefined && !isError) return [`${name} never answers ${status}`];
  const response = resolve(told ?? {});
  if (isJson(response["headers"]) && Object.hasOwn(response["headers"], "Location") && location === null)
    return ["the answer has no Location"];
  const schema = jsonSchema(response) ?? (isError ? components["basic-error"] : undefined);
  return schema === undefined ? [] : check(schema, answer).map((text) => `the answer ${status}${text}`);
};

const jsonSchema = (part: Json): unknown => {
  const content = part["content"];
  return isJson(content) && isJson(content["application/json"]) ? content["application/json"]["schema"] : undefined;
};

const json = (value: unknown): Json => (isJson(value) ? value : {});
const at = (value: Json, ...keys: readonly string[]): Json => keys.reduce((inner, key) => json(inner[key]), value);
