import type { LogFields, Logger } from "@clinic/sip-voice";

const levels = ["debug", "info", "warn", "error"] as const;
type Level = (typeof levels)[number];

/** A logger that writes one JSON object a line, from a level on. `makeCall` redacts what it logs. */
export function lineLogger(least: string, write: (line: string) => void): Logger {
  const from = levels.indexOf(least as Level);
  const at = (level: Level) => (fields: LogFields, message: string) => {
    if (levels.indexOf(level) >= from) write(JSON.stringify({ level, ...fields, msg: message }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
