/** Runs in the reader's browser: a filter above, and buttons in the head of, every table that asks for them. */

type Row = { readonly element: HTMLTableRowElement; readonly cells: readonly string[] };

/** The figure at the beginning of `1,613 ms`; what is no figure sorts as least. */
const numberIn = (text: string): number => {
  const value = Number.parseFloat(text.replaceAll(",", ""));
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
};

const compareCells = (numeric: boolean, a: string, b: string): number =>
  numeric ? numberIn(a) - numberIn(b) || 0 : a.localeCompare(b);

const sortBy = (table: HTMLTableElement, rows: readonly Row[], column: number): void => {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead th")];
  const head = heads[column];
  if (head === undefined) return;
  const numeric = head.classList.contains("number");
  // Of figures the largest, of names the first is looked for.
  const before = head.getAttribute("aria-sort");
  const down = before === null ? numeric : before === "ascending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const sorted = [...rows].sort((a, b) => compareCells(numeric, a.cells[column] ?? "", b.cells[column] ?? ""));
  table.tBodies[0]?.append(...(down ? sorted.reverse() : sorted).map(({ element }) => element));
};

const addSorting = (table: HTMLTableElement, rows: readonly Row[]): void => {
  for (const [column, head] of [...table.querySelectorAll("thead th")].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(table, rows, column));
    head.append(button);
  }
};

const addFilter = (table: HTMLTableElement, rows: readonly Row[]): void => {
  const tools = document.createElement("p");
  tools.className = "tools";
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "search";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  label.append("Filter ", input);
  tools.append(label, count);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    const shown = rows.filter(({ element, cells }) => {
      element.hidden = !(cells[0] ?? "").toLowerCase().includes(wanted);
      return !element.hidden;
    });
    count.textContent = wanted === "" ? "" : ` ${shown.length} of ${rows.length}`;
  });
  table.closest(".scroll")?.before(tools);
};

for (const table of document.querySelectorAll<HTMLTableElement>("table[data-tools]")) {
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((element) => ({
    element,
    cells: [...element.cells].map((cell) => cell.textContent ?? ""),
  }));
  addSorting(table, rows);
  addFilter(table, rows);
}
