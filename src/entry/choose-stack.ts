import { quote } from "../config/given.ts";
import {
  detectStacks,
  isStackName,
  type ProjectFiles,
  STACK_TITLES,
  type StackName,
} from "../config/starter/stacks.ts";
import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import type { Streams } from "./streams.ts";

export type Choice = {
  readonly stack: StackName;
  /** The file that told, `null` when `--stack` did. */
  readonly marker: string | null;
};

type Found = { readonly stack: StackName; readonly marker: string };

/** Times that a question is asked; what is at a terminal may be a script that answers nonsense for ever. */
const MOST_QUESTIONS = 3;

/** The kind of deployment by name or by the files here; of several the person at the terminal says which. */
export const chooseStack = async (
  named: string | null,
  files: ProjectFiles,
  streams: Pick<Streams, "ask" | "err">,
): Promise<Parsed<Choice>> => {
  if (named !== null && isStackName(named)) return parsed({ stack: named, marker: null });
  const found = detectStacks(files);
  const [first, ...others] = found;
  if (first === undefined) return parsed({ stack: "url", marker: null });
  if (others.length === 0) return parsed(first);
  const { chosen, last } = await askFor(found, streams);
  if (chosen !== null) return parsed(chosen);
  const list = found.map(({ stack, marker }) => `${stack} (${marker})`).join(", ");
  const wrong = last === null ? "" : ` ${shown(last)} names none of them.`;
  const hint = `Name one: swarmgate init --stack ${first.stack}.`;
  return refused([usageProblem("several-stacks", `Several kinds of deployment are here: ${list}.${wrong}`, hint)]);
};

type Answered = {
  readonly chosen: Found | null;
  /** The last wrong answer, `null` when nobody was asked or who was asked left. */
  readonly last: string | null;
};

const askFor = async (found: readonly Found[], { ask, err }: Pick<Streams, "ask" | "err">): Promise<Answered> => {
  if (ask === null) return { chosen: null, last: null };
  err(`Several kinds of deployment are here:\n${found.map(choiceLine).join("")}`);
  let last = "";
  for (let asked = 1; asked <= MOST_QUESTIONS; asked++) {
    const answer = await ask(`Which one is to be tested? [1-${found.length}] `);
    if (answer === null) return { chosen: null, last: null };
    last = answer.trim();
    const chosen = found[Number(last) - 1] ?? found.find(({ stack }) => stack === last.toLowerCase());
    if (chosen !== undefined) return { chosen, last: null };
    if (asked < MOST_QUESTIONS) err(`${shown(last)} is none of them. ${choices(found)}\n`);
  }
  return { chosen: null, last };
};

const choiceLine = ({ stack, marker }: Found, index: number): string =>
  `  ${index + 1}. ${STACK_TITLES[stack]} (${marker})\n`;

const choices = (found: readonly Found[]): string =>
  `Answer with a number from 1 to ${found.length}, or with a name: ${found.map(({ stack }) => stack).join(", ")}.`;

const shown = (answer: string): string => (answer === "" ? "An empty answer" : quote(answer));
