import { openSync } from "node:fs";
import { devNull } from "node:os";

/**
 * Keeps what `@livekit/rtc-node` logs out of the standard output. It makes a pino logger when it is loaded, with neither
 * an option nor a variable to turn it off, on the file descriptor that `process.stdout.fd` names at that moment. So for the
 * moment in which it is loaded this names another: the standard error, or nothing.
 */
export async function withNativeLog<Loaded>(
  where: "stderr" | "nowhere",
  load: () => Promise<Loaded>,
): Promise<Loaded> {
  const own = Object.getOwnPropertyDescriptor(process.stdout, "fd");
  const fd = where === "stderr" ? 2 : openSync(devNull, "w");
  Object.defineProperty(process.stdout, "fd", { value: fd, configurable: true });
  try {
    return await load();
  } finally {
    if (own) Object.defineProperty(process.stdout, "fd", own);
    else Reflect.deleteProperty(process.stdout, "fd");
  }
}
