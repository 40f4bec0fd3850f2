/** How a command ends. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What each exit code means; the help and the pages show it. */
export const exitCodes: readonly { readonly code: ExitCode; readonly means: string }[] = [
  { code: 0, means: "done, and nothing is wrong" },
  { code: 1, means: "LiveKit or a file did not do what was asked, or something is wrong with the set-up" },
  { code: 2, means: "the command line or the environment is wrong; nothing was tried" },
  {
    code: 3,
    means: "the plan has changes to apply (trunks plan), or a confirmation was not given (trunks destroy)",
  },
];
