/** Runs in the reader's browser: hands the embedded run record out as a file. */

const unpacked = async (base64: string): Promise<Blob> => {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).blob();
};

const save = (blob: Blob, name: string): void => {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
};

const holder = document.querySelector<HTMLScriptElement>("script#run-record");
const button = document.querySelector<HTMLButtonElement>("#download");
if (holder !== null && button !== null) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = holder.textContent ?? "";
    const blob = holder.type === "application/json" ? new Blob([text], { type: holder.type }) : await unpacked(text);
    save(blob, holder.dataset["file"] ?? "run.json");
  });
}
