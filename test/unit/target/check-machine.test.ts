import { expect, it } from "vitest";
import { checkMachine } from "../../../src/target/check-machine.ts";

it.each([
  ["enough of everything", { cores: 4, openFiles: 1024 }, { users: 20, workers: 3 }, ["ok", "ok"]],
  ["one core", { cores: 1, openFiles: 1024 }, { users: 20, workers: 1 }, ["warn", "ok"]],
  ["more workers than cores", { cores: 2, openFiles: 1024 }, { users: 20, workers: 3 }, ["warn", "ok"]],
  ["more users than sockets", { cores: 2, openFiles: 1024 }, { users: 1000, workers: 1 }, ["ok", "fail"]],
  ["just enough sockets", { cores: 2, openFiles: 1150 }, { users: 1000, workers: 1 }, ["ok", "ok"]],
  ["a system that does not say", { cores: 2, openFiles: null }, { users: 100_000, workers: 1 }, ["ok", "ok"]],
])("%s", (_, machine, load, levels) => {
  const findings = checkMachine(machine, load);
  expect(findings.map(({ level }) => level)).toEqual(levels);
  for (const { level, mend } of findings) expect(mend === null).toBe(level === "ok");
});
