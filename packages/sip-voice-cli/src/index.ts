/**
 * The `sip-voice` command, to run inside another program or a test.
 *
 * @module
 */
export { runSipVoice } from "./command-line.ts";
export type { Surroundings } from "./surroundings.ts";
