import type { Answer as UserAnswer } from "../../../scenario/define.ts";
import type { Answer } from "../transport.ts";

/** The answer as a task sees it: copied, because the connection writes over its own with the next request. */
export const readAnswer = (answer: Answer): UserAnswer => {
  const { status, body, bodyProblem } = answer;
  const text = body === null ? null : UTF8.decode(body);
  const headers = answer.headers();
  const read = (): string => {
    if (text === null) throw new Error(bodyProblem ?? "there is no whole body to look at");
    return text;
  };
  return {
    status,
    headers,
    get body() {
      return read();
    },
    json: () => readJson(read(), status),
  };
};

const UTF8 = new TextDecoder();

const readJson = (text: string, status: number) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the body of the answer with status ${status} is not JSON`);
  }
};
