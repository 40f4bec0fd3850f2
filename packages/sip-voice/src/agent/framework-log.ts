import { redact } from "../log/redactor.ts";

/** The framework's own mark for fields that hold what a person said, is called or is reached at. */
const personal = /(^|\.)pii(\.|$)/i;

/**
 * One line of the framework's log without personal data. The framework marks such fields (`lk.pii.…`) but writes them in
 * clear, from level `info` on; a line that is not JSON is passed on with its numbers masked.
 */
export function redactLogLine(line: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return redact({ line }).line as string;
  }
  if (typeof fields !== "object" || fields === null) return line;
  const marked = Object.entries(fields).map(([key, value]) => [key, personal.test(key) ? "[hidden]" : value]);
  return JSON.stringify(redact(Object.fromEntries(marked)));
}

const installed = Symbol.for("@clinic/sip-voice/framework-log");

/**
 * Has everything that this process logs pass the redactor. The framework takes no logger of ours; it writes whole lines to
 * the standard output, and that is where they can be met.
 */
export function redactStandardOutput(stdout: NodeJS.WriteStream = process.stdout): void {
  const marked = stdout as NodeJS.WriteStream & { [installed]?: true };
  if (marked[installed]) return;
  marked[installed] = true;
  const write = stdout.write.bind(stdout) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stdout.write = ((chunk: unknown, ...rest: unknown[]) =>
    write(
      typeof chunk === "string"
        ? chunk
            .split("\n")
            .map((line) => line && redactLogLine(line))
            .join("\n")
        : chunk,
      ...rest,
    )) as typeof stdout.write;
}
