/**
 * The part of Logs Insights' language that a report of invocations needs: `fields`, `filter`, `parse` with a regular
 * expression, `stats ... by`, `sort`, `limit`. Everything else is refused by name, so that a query which AWS would
 * understand and we would not cannot pass as one that found nothing.
 */
import type { Expression } from "./insights-expression.ts";
import { QueryError, type Token, tokensOf } from "./insights-tokens.ts";

export type Column = { readonly name: string; readonly of: Expression };

export type Aggregate = {
  readonly name: string;
  readonly function: "count" | "sum" | "avg" | "min" | "max" | "pct";
  /** null counts every record. */
  readonly of: Expression | null;
  /** The percentile's level, from 0 to 100. */
  readonly level: number;
};

export type Stage =
  | { readonly kind: "fields"; readonly columns: readonly Column[] }
  | { readonly kind: "filter"; readonly by: Expression }
  | { readonly kind: "parse"; readonly of: Expression; readonly pattern: RegExp }
  | { readonly kind: "stats"; readonly aggregates: readonly Aggregate[]; readonly by: readonly Column[] }
  | { readonly kind: "sort"; readonly by: Expression; readonly descending: boolean }
  | { readonly kind: "limit"; readonly count: number };

/** Throws `QueryError`. */
export function parseQuery(query: string): readonly Stage[] {
  const reader = new Reader(tokensOf(query));
  const stages: Stage[] = [];
  do stages.push(reader.stage());
  while (reader.take("|"));
  reader.demandEnd();
  return stages;
}

const aggregateNames = ["count", "sum", "avg", "min", "max", "pct"] as const;
const functions: ReadonlyMap<string, "present" | "floor" | "millis"> = new Map([
  ["ispresent", "present"],
  ["floor", "floor"],
  ["tomillis", "millis"],
]);
const comparing = ["=", "!=", "<", "<=", ">", ">="];

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  stage(): Stage {
    const command = this.#word();
    switch (command) {
      case "fields":
      case "display":
        return { kind: "fields", columns: this.#list(() => this.#column()) };
      case "filter":
        return { kind: "filter", by: this.#either() };
      case "parse":
        return this.#parse();
      case "stats":
        return this.#stats();
      case "sort":
        return this.#sort();
      case "limit":
        return { kind: "limit", count: this.#number() };
      default:
        throw new QueryError(`the command ${command} is not simulated`);
    }
  }

  /** Takes the sign or word if it comes next. */
  take(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isNext = (token?.kind === "sign" || token?.kind === "word") && token.text.toLowerCase() === text;
    if (isNext) this.#at += 1;
    return isNext;
  }

  demandEnd(): void {
    const token = this.#tokens[this.#at];
    if (token !== undefined) throw new QueryError(`unexpected ${JSON.stringify(token)}`);
  }

  #parse(): Stage {
    const of = this.#primary();
    const pattern = this.#next();
    if (pattern.kind !== "regex") throw new QueryError("parse is simulated with a regular expression only");
    return { kind: "parse", of, pattern: regularExpression(pattern.source) };
  }

  #stats(): Stage {
    const aggregates = this.#list(() => this.#aggregate());
    return { kind: "stats", aggregates, by: this.take("by") ? this.#list(() => this.#column()) : [] };
  }

  #sort(): Stage {
    const by = this.#sum();
    const descending = this.take("desc");
    if (!descending) this.take("asc");
    return { kind: "sort", by, descending };
  }

  #aggregate(): Aggregate {
    const from = this.#at;
    const name = this.#word().toLowerCase();
    const known = aggregateNames.find((one) => one === name || (one === "pct" && name === "percentile"));
    if (known === undefined) throw new QueryError(`the function ${name} is not simulated in stats`);
    this.#demand("(");
    const of = known === "count" && (this.take("*") || this.#peeks(")")) ? null : this.#either();
    const level = known === "pct" && this.take(",") ? this.#number() : 0;
    this.#demand(")");
    const written = this.#tokens.slice(from, this.#at).map(textOf).join("");
    return { name: this.take("as") ? this.#word() : written, function: known, of, level };
  }

  #column(): Column {
    const from = this.#at;
    const of = this.#sum();
    const written = this.#tokens.slice(from, this.#at).map(textOf).join("");
    return { name: this.take("as") ? this.#word() : written, of };
  }

  #either(): Expression {
    let left = this.#both();
    while (this.take("or")) left = { kind: "binary", sign: "or", left, right: this.#both() };
    return left;
  }

  #both(): Expression {
    let left = this.#comparison();
    while (this.take("and")) left = { kind: "binary", sign: "and", left, right: this.#comparison() };
    return left;
  }

  #comparison(): Expression {
    if (this.take("not")) return { kind: "not", of: this.#comparison() };
    const left = this.#sum();
    const sign = comparing.find((one) => this.take(one));
    if (sign !== undefined) return { kind: "binary", sign, left, right: this.#sum() };
    const negated = this.take("not");
    const found =
      this.take("like") || this.take("=~") ? this.#match(left) : this.take("in") ? this.#oneOf(left) : undefined;
    if (found === undefined && negated) throw new QueryError("like or in must follow not");
    return found === undefined ? left : negated ? { kind: "not", of: found } : found;
  }

  #match(of: Expression): Expression {
    const token = this.#next();
    if (token.kind === "regex") return { kind: "match", of, pattern: regularExpression(token.source) };
    if (token.kind === "string") return { kind: "match", of, pattern: new RegExp(literal(token.text)) };
    throw new QueryError("like needs a text or a regular expression");
  }

  #oneOf(of: Expression): Expression {
    this.#demand("[");
    const values = this.#list(() => {
      const token = this.#next();
      if (token.kind === "string") return token.text;
      if (token.kind === "number") return token.value;
      throw new QueryError("a list holds texts and numbers");
    });
    this.#demand("]");
    return { kind: "one-of", of, values };
  }

  #sum(): Expression {
    let left = this.#product();
    for (let sign = this.#sign("+", "-"); sign !== undefined; sign = this.#sign("+", "-")) {
      left = { kind: "binary", sign, left, right: this.#product() };
    }
    return left;
  }

  #product(): Expression {
    let left = this.#primary();
    for (let sign = this.#sign("*", "/"); sign !== undefined; sign = this.#sign("*", "/")) {
      left = { kind: "binary", sign, left, right: this.#primary() };
    }
    return left;
  }

  #primary(): Expression {
    if (this.take("(")) {
      const inner = this.#either();
      this.#demand(")");
      return inner;
    }
    const token = this.#next();
    if (token.kind === "number") return { kind: "constant", value: token.value };
    if (token.kind === "string") return { kind: "constant", value: token.text };
    if (token.kind !== "word") throw new QueryError(`unexpected ${JSON.stringify(token)}`);
    if (!this.take("(")) return { kind: "field", name: token.text };
    const kind = functions.get(token.text.toLowerCase());
    if (kind === undefined) throw new QueryError(`the function ${token.text} is not simulated`);
    const of = this.#sum();
    this.#demand(")");
    return { kind, of };
  }

  #list<Item>(item: () => Item): readonly Item[] {
    const items = [item()];
    while (this.take(",")) items.push(item());
    return items;
  }

  #sign(...signs: readonly string[]): string | undefined {
    return signs.find((one) => this.take(one));
  }

  #peeks(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === "sign" && token.text === text;
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new QueryError("unexpected end of the query");
    this.#at += 1;
    return token;
  }

  #word(): string {
    const token = this.#next();
    if (token.kind !== "word") throw new QueryError(`a name was expected, not ${JSON.stringify(token)}`);
    return token.text;
  }

  #number(): number {
    const token = this.#next();
    if (token.kind !== "number") throw new QueryError(`a number was expected, not ${JSON.stringify(token)}`);
    return token.value;
  }

  #demand(text: string): void {
    if (!this.take(text)) throw new QueryError(`${text} was expected`);
  }
}

const textOf = (token: Token): string => {
  switch (token.kind) {
    case "number":
      return String(token.value);
    case "string":
      return JSON.stringify(token.text);
    case "regex":
      return `/${token.source}/`;
    case "word":
    case "sign":
      return token.text;
  }
};

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Insights writes the flag for "any case" into the pattern, and names groups as JavaScript does. */
function regularExpression(source: string): RegExp {
  try {
    return source.startsWith("(?i)") ? new RegExp(source.slice(4), "i") : new RegExp(source);
  } catch {
    throw new QueryError(`the regular expression ${source} is not simulated`);
  }
}
