import { describe, expect, it } from "vitest";
import { chooseStack } from "../../../src/entry/choose-stack.ts";

const SEVERAL = { "cdk.json": null, "vercel.json": null };

/** A person who gives these answers, one a question. */
const person = (...answers: readonly (string | null)[]) => {
  const left = [...answers];
  const said: string[] = [];
  return {
    said,
    left,
    streams: {
      err: (text: string) => void said.push(text),
      ask: (question: string) => {
        said.push(question);
        const answer = left.shift();
        return answer === undefined ? Promise.reject(new Error("asked once too often")) : Promise.resolve(answer);
      },
    },
  };
};

describe("of several stacks the person at the terminal chooses", () => {
  it.each(["2", "vercel", " Vercel "])("by number or name: %j", async (answer) => {
    const { streams, said } = person(answer);
    expect(await chooseStack(null, SEVERAL, streams)).toMatchObject({ ok: true, value: { stack: "vercel" } });
    expect(said.join("")).toMatch(/1\. AWS CDK \(cdk\.json\)\n +2\. Vercel \(vercel\.json\)\n.*\[1-2\]/);
  });

  it("after a wrong answer, which is said with the choices", async () => {
    const { streams, said } = person("3", "", "1");
    expect(await chooseStack(null, SEVERAL, streams)).toMatchObject({ ok: true, value: { stack: "cdk" } });
    const choices = "Answer with a number from 1 to 2, or with a name: cdk, vercel.";
    expect(said.filter((text) => text.includes("none of them"))).toEqual([
      `"3" is none of them. ${choices}\n`,
      `An empty answer is none of them. ${choices}\n`,
    ]);
  });

  it("three times at most, and then the problem names the answer", async () => {
    const { streams, left } = person("sam", "0", "1.5", "2");
    const refused = await chooseStack(null, SEVERAL, streams);
    if (refused.ok) throw new Error("chose one");
    expect([left, refused.problems.map(({ code }) => code)]).toEqual([["2"], ["several-stacks"]]);
    expect(refused.problems[0]?.message).toBe(
      'Several kinds of deployment are here: cdk (cdk.json), vercel (vercel.json). "1.5" names none of them.',
    );
  });

  it("a person who leaves is not asked again", async () => {
    const { streams, left } = person("3", null, "2");
    const refused = await chooseStack(null, SEVERAL, streams);
    expect([left, refused.ok, JSON.stringify(refused).includes("names none")]).toEqual([["2"], false, false]);
  });

  it("and where nobody is there, nobody is said to have answered", async () => {
    const refused = await chooseStack(null, SEVERAL, { err: () => {}, ask: null });
    expect(JSON.stringify(refused)).not.toContain("none of them");
  });
});
