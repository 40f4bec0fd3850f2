import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  callerUtterance,
  plugInAnsweringMachine,
  plugInCallScreener,
  seatPerson,
  Telephone,
  ToneTagDetector,
  utteranceById,
} from "../../src/index.ts";
import { levelDb } from "../../src/telephone/index.ts";
import { type Network, type Onlooker, startNetwork } from "./network.ts";

const machinePhone = new Telephone("+15105550131");
const screenedPhone = new Telephone("+15105550132");
const personsPhone = new Telephone("+15105550133");
let network: Network;
let trunk: string;

beforeAll(async () => {
  network = await startNetwork([machinePhone, screenedPhone, personsPhone]);
  const { sipTrunkId } = await network.sipClient.createSipOutboundTrunk(
    "clinic",
    "sip.example.test:5060",
    ["+17205550174"],
    { transport: 1 },
  );
  trunk = sipTrunkId;
});

afterAll(async () => {
  await network.stop();
});

async function dial(telephone: Telephone, room: string) {
  const agent = await network.join(room, { agent: true });
  await agent.publish();
  await network.sipClient.createSipParticipant(trunk, telephone.number, room, {
    waitUntilAnswered: true,
    participantIdentity: "callee",
  });
  return agent;
}

/** Resolves when the agent has heard something, and nothing for a second after it. */
async function untilFinished(agent: Onlooker): Promise<void> {
  const lastSound = () => agent.heard.findLast(({ db }) => db > -50)?.at ?? Number.POSITIVE_INFINITY;
  await expect.poll(() => performance.now() - lastSound(), { timeout: 30_000 }).toBeGreaterThan(1_000);
}

const loudest = (samples: Int16Array, rate: number) => {
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += rate / 50)
    levels.push(levelDb(samples.subarray(at, at + rate / 50)));
  return Math.max(...levels);
};

describe("who picks up", () => {
  it("is an answering machine: greets, beeps, records what is said after it, and hangs up", async () => {
    const machine = await plugInAnsweringMachine(machinePhone, {
      greeting: "Please leave a message.",
      silenceMs: 3_000,
    });
    const message = machine.nextMessage();
    const agent = await dial(machinePhone, "room-machine");
    await untilFinished(agent);
    await agent.say(1_000);
    const { samples, sampleRate, startedAt, endedAt } = await message;
    expect(endedAt - startedAt).toBeGreaterThan(1_500);
    expect(loudest(samples, sampleRate)).toBeGreaterThan(-25);
    expect(agent.heard.filter(({ db }) => db > -40).length).toBeGreaterThan(40);
    expect(machine).toMatchObject({ calls: 1, messages: [{ sampleRate: 16_000 }] });
  });

  it("is an assistant that asks who calls, listens, and puts the caller through", async () => {
    const screener = await plugInCallScreener(screenedPhone, { connectsAfterMs: 200 });
    const connected = screener.nextConnected();
    const agent = await dial(screenedPhone, "room-screener");
    const line = screenedPhone.line;
    await untilFinished(agent);
    await agent.say(1_000);
    const { at } = await connected;
    expect(screener.introductions).toHaveLength(1);
    expect(screener.introductions[0]?.endedAt).toBeLessThan(at);
    await line?.hangUp();
  });

  it("is a person in noise", async () => {
    const person = await seatPerson(personsPhone, { afterMs: 500, noise: 0.005, noiseMs: 3_000 });
    const hello = person.nextHello();
    const agent = await dial(personsPhone, "room-person");
    const { startedAt, endedAt } = await hello;
    expect(endedAt - startedAt).toBeGreaterThan(200);
    const during = agent.heard.filter(({ at }) => at > startedAt && at < endedAt).map(({ db }) => db);
    expect(Math.max(...during)).toBeGreaterThan(-30);
    await personsPhone.line?.hangUp();
  });

  it("asks in sound that the stand-in can tell", async () => {
    const { samples } = await callerUtterance("screening", { sampleRate: 16_000 });
    const [id = -1] = new ToneTagDetector().push(samples);
    expect(utteranceById(id)?.text).toMatch(/say your name and why you are calling/);
  });
});
