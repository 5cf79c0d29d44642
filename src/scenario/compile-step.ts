import { compileCapture } from "./capture-answer.ts";
import { compileCheck, wantsStatus } from "./check-answer.ts";
import { compileTemplate, fixedText } from "./render-template.ts";
import type { CompiledStep, Rendered, RequestStep, Scope, Template } from "./scenario.ts";

/** Prepares a request step: templates, checks, captures and regular expressions are read once, not once a request. */
export const compileStep = (step: RequestStep): CompiledStep => {
  const render = compileRequest(step);
  return {
    step,
    isStatic: templatesOf(step).every((template) => fixedText(template) !== null),
    needsBody:
      (step.expect !== null && (step.expect.json.length > 0 || step.expect.body.length > 0)) ||
      step.captures.some(({ from }) => from.kind !== "header"),
    needsHeaders: (step.expect?.headers.length ?? 0) > 0 || step.captures.some(({ from }) => from.kind === "header"),
    render,
    wantsStatus: (status) => wantsStatus(step.expect, status),
    check: compileCheck(step.expect),
    capture: compileCapture(step.captures),
  };
};

const templatesOf = ({ path, headers, body }: RequestStep): readonly Template[] => [
  path,
  ...headers.map(({ value }) => value),
  ...(body?.kind === "text" ? [body.template] : []),
];

const compileRequest = (step: RequestStep): ((scope: Scope) => Rendered) => {
  const path = compileTemplate(step.path);
  const headers = step.headers.map(({ name, value }) => ({ name, render: compileTemplate(value) }));
  const fixedHeaders = step.headers.flatMap(({ name, value }) => [name, fixedText(value)]);
  const fixed = fixedHeaders.every((text) => text !== null) ? fixedHeaders : null;
  const bytes = step.body?.kind === "bytes" ? step.body.bytes : null;
  const body = step.body?.kind === "text" ? compileTemplate(step.body.template) : () => bytes;
  return (scope) => {
    const target = path(scope);
    if (typeof target !== "string") return { ok: false, reason: target.missing };
    const sent: string[] = [];
    if (fixed === null) {
      for (const { name, render } of headers) {
        const value = render(scope);
        if (typeof value !== "string") return { ok: false, reason: value.missing };
        sent.push(name, value);
      }
    }
    const content = body(scope);
    if (content !== null && typeof content === "object" && "missing" in content) {
      return { ok: false, reason: content.missing };
    }
    return { ok: true, path: target, headers: fixed ?? sent, body: content };
  };
};
