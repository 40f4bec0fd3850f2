import { describe, expect, it } from "vitest";
import { geminiLive } from "./gemini-live.ts";

describe("geminiLive", () => {
  const vertex = { project: "riverside-clinic", location: "us-central1" };

  it.each([{}, { apiKey: "" }, { apiKey: "a-key", vertex }])("takes one endpoint, not %j", (options) => {
    expect(() => geminiLive(options)).toThrow(
      expect.objectContaining({ code: "invalid-option", field: "apiKey" }),
    );
  });

  it.each([{ apiKey: "a-key" }, { vertex }])("takes %j", (options) => {
    expect(geminiLive(options)).toBeTypeOf("function");
  });
});
