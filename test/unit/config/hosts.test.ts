import { expect, it } from "vitest";
import { forbiddenHost } from "../../../src/config/hosts.ts";

it.each([
  ["http://169.254.169.254/", "a link-local address"],
  ["http://0xA9FEA9FE/", "a link-local address"],
  ["http://2852039166/", "a link-local address"],
  ["http://0251.0376.0251.0376/", "a link-local address"],
  ["http://169.254.170.2/", "a link-local address"],
  ["http://[fe80::1]/", "a link-local address"],
  ["http://[febf:ffff::1]/", "a link-local address"],
  ["http://[::ffff:169.254.169.254]/", "a link-local address"],
  ["http://[64:ff9b::a9fe:a9fe]/", "a link-local address"],
  ["http://[::ffff:100.100.100.200]/", "a metadata service"],
  ["http://[fd00:ec2::254]/", "a metadata service"],
  ["http://[FD00:EC2:0::254]/", "a metadata service"],
  ["http://Metadata.Google.Internal/", "a metadata service"],
  ["http://metadata.google.internal../", "a metadata service"],
  ["http://100.100.100.200/", "a metadata service"],
  ["http://169.253.255.255/", null],
  ["http://169.254.example.com/", null],
  ["http://[fec0::1]/", null],
  ["http://[fd00:ec2::255]/", null],
  ["http://[::1]/", null],
  ["http://127.0.0.1/", null],
  ["http://fe80.example.com/", null],
  ["https://metadata.example.com/", null],
])("%s is %s", (url, reason) => {
  expect(forbiddenHost(new URL(url).hostname)).toBe(reason);
});
