/** Characters of an answer that a regular expression looks at: its time may grow with the square of the length. */
export const MOST_SEARCHED = 64 * 1024;

/** The beginning of a text that a regular expression may search. */
export const searchable = (text: string): string => (text.length > MOST_SEARCHED ? text.slice(0, MOST_SEARCHED) : text);
