import type { OperatorFailure } from "../call/state.ts";

/** What came of a transfer to the operator. */
export type TransferResult =
  | { readonly reached: true; readonly by: "refer" | "bridge" }
  | { readonly reached: false; readonly reason: OperatorFailure };
