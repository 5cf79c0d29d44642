import { expect, it } from "vitest";
import { handlerAnswer } from "../../../simulator/face-answers.ts";
import { defaultFunctionSettings, parseFunctionChange } from "../../../simulator/function-settings.ts";
import { zipOf } from "../../../simulator/zip.ts";

it("names every problem of a change at once", () => {
  const change = { durationMS: 5, errorShare: 2, limitKind: "both", status: null };
  expect(() => parseFunctionChange(change)).toThrow(
    /durationMS is not a setting.*; errorShare must be a number from 0 to 1; limitKind must be one of reserved, account$/,
  );
});

it("knows a check for every setting there is", () => {
  expect(parseFunctionChange(defaultFunctionSettings)).toEqual(defaultFunctionSettings);
});

it.each([64, 100, 20_000])("answers with a JSON body of %i bytes", (bodyBytes) => {
  const { body, headers } = handlerAnswer({ ...defaultFunctionSettings, bodyBytes, commit: "abc1234" });
  expect(body).toHaveLength(bodyBytes);
  expect(JSON.parse(body.toString())).toMatchObject({ commit: "abc1234" });
  expect(headers["x-commit"]).toBe("abc1234");
});

it("writes an archive whose end record counts its entries", () => {
  const archive = zipOf({ "run.json": "{}", "b.txt": "é" });
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  expect(archive.readUInt16LE(end + 10)).toBe(2);
  expect(archive.readUInt32LE(archive.readUInt32LE(end + 16))).toBe(0x02014b50);
});
