import { type ClinicMenu, isLanguage, menuKeys, menuSentences } from "../../call/clinic-menu.ts";
import type { CallChoice } from "../../call/event.ts";
import type { CallStateMachine } from "../../call/state-machine.ts";
import type { CallKeys } from "./call-keys.ts";
import type { ClinicCallOptions } from "./clinic-call-options.ts";

/** The clinic's menu in one call, before the conversation. */
export class CallMenu {
  readonly #options: Pick<ClinicCallOptions, "recorder" | "speech">;
  readonly #machine: CallStateMachine;
  readonly #keys: CallKeys;
  #open: AbortController | undefined;

  /** Makes the menu of one call; it is not said yet. */
  constructor(
    options: Pick<ClinicCallOptions, "recorder" | "speech">,
    machine: CallStateMachine,
    keys: CallKeys,
  ) {
    this.#options = options;
    this.#machine = machine;
    this.#keys = keys;
  }

  /** Whether the caller is in the menu now. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Leaves the menu, for the conversation. */
  close(): void {
    this.#open?.abort();
  }

  /** Leads the caller through a menu; `true` when the conversation is to begin, and nothing else was chosen. */
  async leadThrough(menu: ClinicMenu): Promise<boolean> {
    const { recorder, speech } = this.#options;
    const open = new AbortController();
    this.#open = open;
    const chosen = await this.#keys.menu(menuKeys(menu.keys), open.signal, {
      prompt: async ({ path, signal }) => {
        // Who speaks is being answered by the model; a key silences both voices.
        const silence = (): void => (open.signal.aborted ? speech.stopSentence() : speech.interrupt());
        signal.addEventListener("abort", silence, { once: true });
        for (const { text, language } of menuSentences(menu, path, this.#machine.state.language)) {
          if (!signal.aborted) await speech.sayText("menu", text, language);
        }
      },
      onChoice: (choice) => {
        recorder.add({ type: "digit", choice });
        if (isLanguage(choice))
          this.#machine.send({ type: "language-chosen", language: choice, via: "digit" });
      },
    });
    this.#open = undefined;
    if (chosen !== undefined && chosen !== "talk" && !isLanguage(chosen)) {
      this.#machine.send({ type: "chose", choice: chosen as CallChoice, via: "digit" });
      return false;
    }
    return this.#machine.state.phase === "active";
  }
}
