import { setOutputs, writeSummary } from "../adapters/github/outputs.ts";
import { interruptedOutputs } from "../report/outputs.ts";

/** Something hangs after a cancel: no output may be missing, and none may look like a verdict. */
export const sayInterrupted = async (): Promise<void> => {
  const outputs = interruptedOutputs();
  await setOutputs(outputs);
  await writeSummary(`### ${outputs.headline}\n`);
};
