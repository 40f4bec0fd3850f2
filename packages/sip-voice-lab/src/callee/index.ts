export {
  type AnsweringMachine,
  type AnsweringMachineOptions,
  plugInAnsweringMachine,
} from "./answering-machine.ts";
export { type CallScreener, type CallScreenerOptions, plugInCallScreener } from "./call-screener.ts";
export type { HeardSound } from "./callee.ts";
export {
  type Greeting,
  greetingSound,
  type MachineGreeting,
  machineGreetings,
  personGreetings,
} from "./greeting-corpus.ts";
export { type Person, type PersonOptions, seatPerson } from "./person.ts";
export { type Beep, beepSound, mixSamples, noiseSound } from "./sound.ts";
