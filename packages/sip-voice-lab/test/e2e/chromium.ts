import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { labEnvironment } from "@clinic/sip-voice-lab";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The machine's Chromium: `SIP_VOICE_LAB_CHROMIUM`, or one that is installed. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.SIP_VOICE_LAB_CHROMIUM;
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(`SIP_VOICE_LAB_CHROMIUM names ${named}, which is not there or is no program.`);
  }
  const folders = ["/usr/bin", ...(environment.PATH ?? "").split(delimiter)].filter(Boolean);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
  if (found) return found;
  throw new Error(
    "The tests of the web page need Chromium, and none was found. Install it:\n" +
      "  sudo apt-get install -y --no-install-recommends chromium     (Debian, Ubuntu)\n" +
      "  brew install --cask chromium                                 (macOS)\n" +
      "or name one: SIP_VOICE_LAB_CHROMIUM=/path/to/chromium",
  );
}

/** Starts Chromium without a window, and with a microphone that nobody has to allow. */
export async function startChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    env: labEnvironment(),
    args: [
      // Containers and root have no user namespaces for the sandbox; only the lab's own page is opened.
      "--no-sandbox",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}
