import type { OperatorFailure } from "../../call/state.ts";

/** What came of a transfer to the operator. */
export type TransferResult =
  | { readonly reached: true; readonly by: "refer" }
  /** The two talk in the call's room until `over` resolves. */
  | { readonly reached: true; readonly by: "bridge"; readonly over: Promise<void> }
  | { readonly reached: false; readonly reason: OperatorFailure };
