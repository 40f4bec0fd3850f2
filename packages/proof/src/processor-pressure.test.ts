import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { waitedForProcessor, watchPressure } from "./processor-pressure.ts";

it("reads what Linux tells, and nothing elsewhere", () => {
  const folder = mkdtempSync(join(tmpdir(), "pressure-"));
  const file = join(folder, "cpu");
  writeFileSync(file, "some avg10=96.82 avg60=81.98 avg300=79.57 total=11759630\nfull avg10=0.00 total=5\n");
  expect(waitedForProcessor(file)).toBe(11_759.63);
  expect(waitedForProcessor(join(folder, "none"))).toBeUndefined();
  rmSync(folder, { recursive: true });
});

it("tells the share of a stretch of time", () => {
  let [now, waited] = [0, 100];
  const share = watchPressure(
    () => now,
    () => waited,
  );
  [now, waited] = [1_000, 850];
  expect(share()).toBe(0.75);
  expect(
    watchPressure(
      () => 0,
      () => undefined,
    )(),
  ).toBe(0);
});
