const MOST_LINES = 100;
const LONGEST_LINE = 1000;

/** Passes the first lines on and says once that more were left out: ten thousand users may each log every request. */
export const limitedLog = (log: (line: string) => void): ((line: string) => void) => {
  let left = MOST_LINES;
  return (line) => {
    left--;
    if (left >= 0) log(line.slice(0, LONGEST_LINE));
    else if (left === -1) log("further lines of the scenario are left out");
  };
};
