import { type Finding, fail, ok, warn } from "../config/finding.ts";

export type MachineFacts = {
  /** Cores that this process may use. */
  readonly cores: number;
  /** Files and sockets that this process may have open; `null` where the system does not say. */
  readonly openFiles: number | null;
};

const CHECK = "machine";
/** Node's own files, pipes and sockets, and what AWS and GitHub need. */
const OTHER_FILES = 150;

/** Whether this machine can send that load: a socket a user, a core a worker. */
export const checkMachine = (
  { cores, openFiles }: MachineFacts,
  { users, workers }: { readonly users: number; readonly workers: number },
): readonly Finding[] => [coresFinding(cores, workers), filesFinding(openFiles, users)];

const coresFinding = (cores: number, workers: number): Finding => {
  if (cores === 1)
    return warn(CHECK, "There is one core, for the load and everything else.", "Use a machine with two cores or more.");
  return workers > cores
    ? warn(
        CHECK,
        `workers is ${workers} and there are ${cores} cores.`,
        `Set workers to ${cores - 1}, or leave it out.`,
      )
    : ok(CHECK, `${cores} cores for ${workers} worker${workers === 1 ? "" : "s"} and the rest.`);
};

const filesFinding = (openFiles: number | null, users: number): Finding => {
  if (openFiles === null) return ok(CHECK, "The system does not say how many files may be open.");
  const needed = users + OTHER_FILES;
  return openFiles < needed
    ? fail(
        CHECK,
        `${users} users need about ${needed} open files, and ${openFiles} are allowed.`,
        `Run ulimit -n ${needed} before, or use fewer users.`,
      )
    : ok(CHECK, `${openFiles} open files are allowed, ${users} users need about ${needed}.`);
};
