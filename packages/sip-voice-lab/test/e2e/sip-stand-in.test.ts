import type { EventEmitter } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListSIPOutboundTrunkRequest, ListSIPOutboundTrunkResponse } from "@livekit/protocol";
import { dispose } from "@livekit/rtc-node";
import {
  AccessToken,
  AgentDispatchClient,
  RoomAgentDispatch,
  RoomConfiguration,
  ServerError,
  SipCallError,
  SipClient,
} from "livekit-server-sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CallFailed, Telephone } from "../../src/telephone/index.ts";
import { type Network, participantsOf, startNetwork, tone } from "./network.ts";

interface RecordedFailure {
  endpoint_answered: string;
  raised: string;
  message: string;
  name?: string;
  code: string | null;
  status: number | null;
  metadata: Record<string, string> | null;
  sipStatusCode: number | null;
  sipStatus: string | null;
}
interface RecordedSighting {
  event: string;
  attributes?: Record<string, string>;
  changed?: Record<string, string>;
  reason?: number;
}

const folder = (path: string) => new URL(path, import.meta.url);
// A clone has no ../shared beside it, so the repository carries copies of the recordings.
const COPIES = folder("../recorded/");
const ORIGINALS = folder("../../../../../shared/recorded/");
const recorded = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, COPIES), "utf8"));
const failures: RecordedFailure[] = recorded("sip-dial-failures").failures;
const recordedFailure = (start: string): RecordedFailure => {
  const found = failures.find((failure) => failure.endpoint_answered.startsWith(start));
  if (!found) throw new Error(`not recorded: ${start}`);
  return found;
};

const CLINIC = "+17205550174";
const patient = new Telephone("+15105550111");
const caller = new Telephone("+15105550100");
const operator = new Telephone("+15105550190");

let network: Network;
let outbound: string;
let ruleId: string;
let inboundTrunkId: string;
let sequence = 0;
const newRoom = () => `out-${++sequence}`;

const dial = (room: string, number = patient.number, options = {}, trunkId = outbound) =>
  network.sipClient.createSipParticipant(trunkId, number, room, {
    participantIdentity: "phone-x",
    waitUntilAnswered: true,
    ringingTimeout: 20,
    ...options,
  });
const raisedBy = (work: Promise<unknown>): Promise<ServerError> =>
  work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error,
  );

beforeAll(async () => {
  network = await startNetwork([patient, caller, operator]);
  const outboundTrunk = await network.sipClient.createSipOutboundTrunk("out", "127.0.0.1:5070", [
    "+15105550173",
  ]);
  outbound = outboundTrunk.sipTrunkId;
  const trunk = await network.sipClient.createSipInboundTrunk("in", [CLINIC]);
  inboundTrunkId = trunk.sipTrunkId;
  const rule = await network.sipClient.createSipDispatchRule(
    { type: "individual", roomPrefix: "call-" },
    {
      name: "clinic",
      trunkIds: [inboundTrunkId],
      roomConfig: new RoomConfiguration({
        agents: [new RoomAgentDispatch({ agentName: "gemini-sip-agent", metadata: "{}" })],
      }),
    },
  );
  ruleId = rule.sipDispatchRuleId;
}, 30_000);

afterAll(async () => {
  await network?.stop();
  await dispose();
}, 20_000);

beforeEach(() => {
  for (const telephone of [patient, caller, operator]) telephone.behaviour = { kind: "answers", afterMs: 0 };
});

test("the recordings are there, and the same as those of ../shared where that folder is", () => {
  const read = (name: string, from: URL) => JSON.parse(readFileSync(new URL(name, from), "utf8"));
  const names = readdirSync(existsSync(ORIGINALS) ? ORIGINALS : COPIES);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(read(name, COPIES)).toHaveProperty("about");
    if (existsSync(ORIGINALS)) expect(read(name, COPIES)).toEqual(read(name, ORIGINALS));
  }
});

/** A count once it has stayed the same for a second; the last one seen if it never does. */
async function settledCount(count: () => number): Promise<number> {
  let seen = count();
  for (let quiet = 0, looks = 0; quiet < 10 && looks < 150; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = count();
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
  }
  return seen;
}

describe("trunks and dispatch rules", () => {
  test("are created, listed, updated and deleted by the SDK's client", async () => {
    const { sipClient } = network;
    const trunk = await sipClient.createSipInboundTrunk("other", ["+17205550175"], {
      allowedNumbers: ["+15105550101"],
    });
    expect(trunk.sipTrunkId).toMatch(/^ST_\w{12}$/);
    expect((await sipClient.listSipInboundTrunk()).map((item) => item.name)).toEqual(["in", "other"]);
    const updated = await sipClient.updateSipInboundTrunkFields(trunk.sipTrunkId, { name: "renamed" });
    expect(updated).toMatchObject({
      name: "renamed",
      numbers: ["+17205550175"],
      allowedNumbers: ["+15105550101"],
    });
    expect((await sipClient.listSipTrunk()).map((item) => item.name)).toContain("renamed");
    expect((await sipClient.listSipOutboundTrunk()).map((item) => item.address)).toEqual(["127.0.0.1:5070"]);
    const [rule] = await sipClient.listSipDispatchRule();
    expect(rule).toMatchObject({ sipDispatchRuleId: ruleId, name: "clinic", trunkIds: [inboundTrunkId] });
    expect(rule?.roomConfig?.agents[0]?.agentName).toBe("gemini-sip-agent");
    await sipClient.updateSipDispatchRuleFields(ruleId, { name: "clinic 2" });
    expect((await sipClient.listSipDispatchRule())[0]).toMatchObject({
      name: "clinic 2",
      trunkIds: [inboundTrunkId],
    });
    await sipClient.deleteSipTrunk(trunk.sipTrunkId);
    const error = await raisedBy(sipClient.deleteSipTrunk(trunk.sipTrunkId));
    expect(error).toMatchObject({ code: "not_found", status: 404 });
  });

  test("need the grants that LiveKit needs", async () => {
    const { httpUrl, apiKey } = network.sip;
    const forged = await raisedBy(
      new SipClient(httpUrl, apiKey, "not-the-secret-of-this-server").listSipInboundTrunk(),
    );
    expect(forged).toMatchObject({ status: 401, message: "invalid authorization token" });
    const response = await fetch(`${httpUrl}/twirp/livekit.SIP/ListSIPTrunk`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: "unauthenticated", msg: "permissions denied" });
  });

  test("are read in protobuf too", async () => {
    const { httpUrl, apiKey, apiSecret } = network.sip;
    const token = new AccessToken(apiKey, apiSecret);
    token.addSIPGrant({ admin: true });
    const response = await fetch(`${httpUrl}/twirp/livekit.SIP/ListSIPOutboundTrunk`, {
      method: "POST",
      headers: { "content-type": "application/protobuf", authorization: `Bearer ${await token.toJwt()}` },
      body: new ListSIPOutboundTrunkRequest({ trunkIds: [outbound] }).toBinary() as Uint8Array<ArrayBuffer>,
    });
    expect(response.headers.get("content-type")).toBe("application/protobuf");
    const { items } = ListSIPOutboundTrunkResponse.fromBinary(new Uint8Array(await response.arrayBuffer()));
    expect(items.map((item) => item.name)).toEqual(["out"]);
  });

  test("and everything else is passed on to the server", async () => {
    await network.rooms.createRoom({ name: "passed-on" });
    expect((await network.rooms.listRooms(["passed-on"])).length).toBe(1);
    await network.rooms.deleteRoom("passed-on");
  });
});

describe("a dial that fails", () => {
  const expectRecorded = (error: ServerError, failure: RecordedFailure) => {
    expect(error).toBeInstanceOf(failure.raised === "SipCallError" ? SipCallError : ServerError);
    if (failure.raised === "ServerError") expect(error).not.toBeInstanceOf(SipCallError);
    const sip = error instanceof SipCallError ? error : undefined;
    const { error_details: _left, ...metadata } = error.metadata ?? {};
    expect({
      message: error.message,
      code: error.code ?? null,
      status: error.status,
      metadata: error.metadata ? metadata : null,
      sipStatusCode: sip?.sipStatusCode ?? null,
      sipStatus: sip?.sipStatus ?? null,
    }).toEqual({
      message: failure.message,
      code: failure.code,
      status: failure.status,
      metadata: failure.metadata,
      sipStatusCode: failure.sipStatusCode,
      sipStatus: failure.sipStatus,
    });
    if (failure.name) expect(error.name).toBe(failure.name);
  };

  test("busy", async () => {
    patient.behaviour = { kind: "busy" };
    const room = newRoom();
    const onlooker = await network.join(room);
    onlooker.startClock();
    expectRecorded(await raisedBy(dial(room)), recordedFailure("486"));
    expect(onlooker.seen.map((sighting) => sighting.event)).toEqual(["participantConnected"]);
    expect(onlooker.seen[0]?.attributes?.["sip.callStatus"]).toBe("dialing");
    await onlooker.saw((sighting) => sighting.event === "participantDisconnected");
  });

  test("declined", async () => {
    patient.behaviour = { kind: "declines" };
    expectRecorded(await raisedBy(dial(newRoom())), recordedFailure("603"));
  });

  test("unknown number", async () => {
    const before = network.sip.rings().length;
    expectRecorded(await raisedBy(dial(newRoom(), "+15105550199")), recordedFailure("404"));
    expect(network.sip.rings().length).toBe(before);
  });

  test("trunk full", async () => {
    const trunk = await network.sipClient.createSipOutboundTrunk("small", "127.0.0.1:5070", ["+15105550172"]);
    network.sip.limitChannels(trunk.sipTrunkId, 1);
    const room = newRoom();
    await dial(room, patient.number, {}, trunk.sipTrunkId);
    const before = network.sip.rings().length;
    const error = await raisedBy(dial(newRoom(), operator.number, {}, trunk.sipTrunkId));
    expectRecorded(error, recordedFailure("403 User channel limit"));
    expect(network.sip.rings().length).toBe(before);
    await patient.line?.hangUp();
  });

  test("ringing timeout", async () => {
    patient.behaviour = { kind: "does-not-answer" };
    const room = newRoom();
    const onlooker = await network.join(room);
    onlooker.startClock();
    const error = await raisedBy(dial(room, patient.number, { ringingTimeout: 1 }));
    expectRecorded(error, recordedFailure("180 Ringing"));
    const left = await onlooker.saw((sighting) => sighting.event === "participantDisconnected");
    const expected: RecordedSighting[] = recorded("outbound-sip-participant").rings_until_our_timeout_of_3_s;
    expect(left.detail).toBe(
      expected.find((sighting) => sighting.event === "participantDisconnected")?.reason,
    );
    expect(onlooker.seen.map((sighting) => sighting.event)).toEqual([
      "participantConnected",
      "attributesChanged",
      "trackSubscribed",
      "participantDisconnected",
    ]);
    expect(patient.calls.at(-1)?.outcome).toBe("given-up");
  });

  test("cpu exhausted: nobody is rung", async () => {
    const before = network.sip.rings().length;
    network.sip.cpuExhausted = true;
    const error = await raisedBy(dial(newRoom()));
    network.sip.cpuExhausted = false;
    const failure = recordedFailure("nothing: the SIP service");
    expect(error.message).toBe(failure.message);
    expect(error).not.toBeInstanceOf(SipCallError);
    expect(network.sip.rings().length).toBe(before);
  });

  test("without its answer: the call is up, the dialler does not know", async () => {
    patient.behaviour = { kind: "answers-but-response-lost", afterMs: 50 };
    const room = newRoom();
    const error = await raisedBy(dial(room));
    expect(error).not.toBeInstanceOf(ServerError);
    expect(patient.line?.isUp).toBe(true);
    const [participant] = await participantsOf(network.rooms, room);
    expect(participant?.attributes["sip.callStatus"]).toBe("active");
    await patient.line?.hangUp();
  });

  test("because the room is deleted while it rings: everything ends", async () => {
    patient.behaviour = { kind: "does-not-answer" };
    const room = newRoom();
    const failed = raisedBy(dial(room));
    const deadline = performance.now() + 5000;
    while (!patient.line && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const line = patient.line;
    await network.rooms.deleteRoom(room);
    expect(await failed).toMatchObject({ code: "canceled", status: 408 });
    expect(await line?.ended).toEqual({ by: "room" });
    expect(network.sip.lines()).not.toContain(line);
    expect(patient.isInUse).toBe(false);
    expect(await participantsOf(network.rooms, room)).toEqual([]);
  });
});

describe("a dial that is answered", () => {
  test("shows the recorded sequence, and carries keys and audio both ways", async () => {
    patient.behaviour = { kind: "answers", afterMs: 700 };
    const expected: RecordedSighting[] = recorded("outbound-sip-participant").answered_then_callee_hangs_up;
    const room = newRoom();
    const onlooker = await network.join(room, { agent: true, attributes: { "clinic.ready": "attempt-1" } });
    await onlooker.publish();
    onlooker.startClock();
    const info = await dial(room);
    expect(info).toMatchObject({ participantIdentity: "phone-x", roomName: room });
    expect(info.participantId).toMatch(/^PA_/);
    expect(info.sipCallId).toMatch(/^SCL_/);
    const line = patient.line;
    if (!line) throw new Error("no line");

    expect(network.sip.rings().at(-1)).toMatchObject({
      number: patient.number,
      room,
      agentsReady: 1,
      cause: "dial",
    });

    await line.press("1");
    await line.press("#");
    const pressed = await onlooker.saw((sighting) => (sighting.detail as { digit?: string })?.digit === "#");
    expect(pressed).toMatchObject({ identity: "phone-x", detail: { code: 11, digit: "#" } });
    await onlooker.room.localParticipant?.publishDtmf(5, "5");

    const before = performance.now();
    await Promise.all([onlooker.say(800), line.waitForSpeechStart({ timeoutMs: 3000 })]);
    const silence = await line.waitForSilence({ silenceMs: 400, timeoutMs: 3000 });
    expect(line.heardSpeechSince(before)).toBe(true);
    expect(silence.at - (line.speechHeard[0]?.startedAt ?? 0)).toBeGreaterThan(600);
    expect(line.heardSpeechSince(silence.at + 100)).toBe(false);
    expect(line.digitsHeard).toBe("5");

    const said = await line.play(tone(600, 22_050, 500), 22_050);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const loud = onlooker.heard.filter((frame) => frame.at > said.startedAt && frame.db > -30);
    expect(loud.length).toBeGreaterThan(20);
    line.mute();
    const muted = await line.play(tone(300, 16_000, 500), 16_000);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(onlooker.heard.filter((frame) => frame.at > muted.startedAt + 150 && frame.db > -50)).toEqual([]);

    await line.hangUp();
    expect(await line.ended).toEqual({ by: "caller" });
    const left = await onlooker.saw((sighting) => sighting.event === "participantDisconnected");
    const hungUp = onlooker.seen.find((sighting) => sighting.attributes?.["sip.callStatus"] === "hangup");
    expect(left.ms - (hungUp?.ms ?? 0)).toBeLessThan(100);
    expect(left.detail).toBe(
      expected.find((sighting) => sighting.event === "participantDisconnected")?.reason,
    );

    const seen = onlooker.seen.filter((sighting) => sighting.event !== "dtmfReceived");
    const wanted = expected.filter((sighting) => sighting.event !== "createSipParticipant resolved");
    expect(seen.map((sighting) => sighting.event)).toEqual(wanted.map((sighting) => sighting.event));
    for (const [index, sighting] of wanted.entries()) {
      const attributes = seen[index]?.attributes ?? {};
      const recordedAttributes = sighting.attributes ?? sighting.changed ?? {};
      expect(Object.keys(attributes).sort()).toEqual(Object.keys(recordedAttributes).sort());
      if (recordedAttributes["sip.callStatus"]) {
        expect(attributes["sip.callStatus"]).toBe(recordedAttributes["sip.callStatus"]);
      }
    }
    expect(seen[0]?.detail).toMatchObject({ kind: 3 });
    if (process.env.SIP_VOICE_LAB_SHOW_TIMINGS) {
      console.log(seen.map((sighting) => `${sighting.ms} ms ${sighting.event}`).join(", "));
    }

    const temporary = await mkdtemp(join(tmpdir(), "sip-voice-lab-"));
    await line.saveRecording(join(temporary, "call.wav"));
    const wav = await readFile(join(temporary, "call.wav"));
    await rm(temporary, { recursive: true });
    expect(wav.subarray(0, 4).toString()).toBe("RIFF");
    expect(wav.readUInt16LE(22)).toBe(2);
    expect(wav.length).toBeGreaterThan(44 + 2 * 2 * 16_000);
  });

  test("hides the number when asked, and ends at the longest duration", async () => {
    const room = newRoom();
    const onlooker = await network.join(room);
    await dial(room, patient.number, {
      hidePhoneNumber: true,
      maxCallDuration: 1,
      participantIdentity: "hidden",
    });
    const { attributes } = await onlooker.saw((sighting) => sighting.event === "participantConnected");
    expect(Object.keys(attributes ?? {}).sort()).toEqual(["sip.callID", "sip.callStatus", "sip.trunkID"]);
    expect(await patient.lines.at(-1)?.ended).toEqual({ by: "room" });
  });

  test("replaces the first call when its identity is used again", async () => {
    const room = newRoom();
    await dial(room);
    const first = patient.line;
    await dial(room, operator.number);
    expect(await first?.ended).toEqual({ by: "room" });
    expect((await participantsOf(network.rooms, room)).map((participant) => participant.identity)).toEqual([
      "phone-x",
    ]);
    await network.rooms.deleteRoom(room);
    expect(await operator.lines.at(-1)?.ended).toEqual({ by: "room" });
  });

  test("leaves nothing behind in this process when the room ends it", async () => {
    const client = (globalThis as unknown as { _ffiClientInstance: EventEmitter })._ffiClientInstance;
    // Rooms of the tests before may be closing still: what is counted is what stays once it is quiet.
    const before = await settledCount(() => client.listenerCount("ffi_event"));
    const room = newRoom();
    await dial(room);
    const line = patient.line;
    await network.rooms.deleteRoom(room);
    expect(await line?.ended).toEqual({ by: "room" });
    await expect(line?.press("1")).rejects.toThrow(/not up/);
    await expect
      .poll(() => client.listenerCount("ffi_event"), { timeout: 15_000 })
      .toBeLessThanOrEqual(before);
    expect(network.sip.lines()).not.toContain(line);
  });

  test("a telephone in use is busy for the next caller", async () => {
    const room = newRoom();
    await dial(room);
    expect(await raisedBy(dial(newRoom()))).toMatchObject({ sipStatusCode: 486 });
    await patient.line?.hangUp();
  });
});

describe("an inbound call", () => {
  test("follows trunk and dispatch rule, and is answered once the agent's audio is there", async () => {
    const expected = recorded("inbound-sip-participant");
    const line = await caller.call(CLINIC);
    expect(line.room).toMatch(/^call-_\+15105550100_\w{12}$/);
    const { httpUrl, apiKey, apiSecret } = network.sip;
    const dispatches = await new AgentDispatchClient(httpUrl, apiKey, apiSecret).listDispatch(line.room);
    expect(dispatches.map((dispatch) => dispatch.agentName)).toEqual(["gemini-sip-agent"]);
    const [participant] = await participantsOf(network.rooms, line.room);
    expect(participant?.identity).toBe(expected.identity);
    expect(participant?.name).toBe(expected.name);
    expect(participant?.kind).toBe(expected.kind);
    expect(Object.keys(participant?.attributes ?? {}).sort()).toEqual(
      Object.keys(expected.attributes).sort(),
    );
    expect(participant?.attributes).toMatchObject({
      "sip.callStatus": "ringing",
      "sip.hostname": "127.0.0.1",
      "sip.phoneNumber": "+15105550100",
      "sip.ruleID": ruleId,
      "sip.trunkID": inboundTrunkId,
      "sip.trunkPhoneNumber": CLINIC,
    });

    const agent = await network.join(line.room, { agent: true });
    expect(line.isUp).toBe(false);
    agent.startClock();
    await agent.publish();
    const active = await agent.saw((sighting) => sighting.attributes?.["sip.callStatus"] === "active");
    expect(active.ms).toBeGreaterThan(90);
    expect(active.ms).toBeLessThan(600);
    await line.answered;
    await line.press("1");
    await agent.saw((sighting) => sighting.event === "dtmfReceived");
    await line.hangUp();
    await agent.saw((sighting) => sighting.attributes?.["sip.callStatus"] === "hangup");
  });

  test("without a number shows none; `anonymous` from the carrier shows just that", async () => {
    const hidden = await caller.call(CLINIC, { hideNumber: true });
    const [participant] = await participantsOf(network.rooms, hidden.room);
    expect(JSON.stringify(participant)).not.toContain("5550100");
    expect(participant?.attributes).not.toHaveProperty("sip.phoneNumber");
    await hidden.hangUp();
    const anonymous = await caller.call(CLINIC, { hideNumber: "anonymous" });
    expect(anonymous.identity).toBe("sip_anonymous");
    await network.rooms.deleteRoom(anonymous.room);
    expect(await anonymous.ended).toEqual({ by: "room" });
  });

  test("fails with 404 when nothing takes it, and with a timeout when nobody answers", async () => {
    await expect(caller.call("+17205550179")).rejects.toMatchObject({ sipStatus: 404, reason: "Not Found" });
    const line = await caller.call(CLINIC, { ringingTimeoutMs: 300 });
    await expect(line.answered).rejects.toBeInstanceOf(CallFailed);
    expect(await line.ended).toEqual({ by: "caller" });
    expect(network.sip.lines()).not.toContain(line);
  });
});

describe("a transfer", () => {
  const callInProgress = async () => {
    const room = newRoom();
    await dial(room);
    const line = patient.line;
    if (!line) throw new Error("no line");
    return { room, line };
  };

  test("to a telephone that answers takes the caller out of the room", async () => {
    const { room, line } = await callInProgress();
    const onlooker = await network.join(room);
    operator.behaviour = { kind: "answers", afterMs: 100 };
    await network.sipClient.transferSipParticipant(room, "phone-x", `tel:${operator.number}`);
    expect(await line.ended).toEqual({ by: "transfer" });
    expect(operator.calls.at(-1)).toMatchObject({ transferredFrom: patient.number, outcome: "answered" });
    await onlooker.saw((sighting) => sighting.event === "participantDisconnected");
  });

  test("to one that does not leaves the caller in the room", async () => {
    const { room, line } = await callInProgress();
    const transferTo = (uri: string, options = {}) =>
      raisedBy(network.sipClient.transferSipParticipant(room, "phone-x", uri, options));
    operator.behaviour = { kind: "busy" };
    expect(await transferTo(`sip:${operator.number}@127.0.0.1`)).toMatchObject({ sipStatusCode: 486 });
    operator.behaviour = { kind: "declines" };
    expect(await transferTo(`tel:${operator.number}`)).toMatchObject({ sipStatusCode: 603 });
    expect(await transferTo("tel:+15105550198")).toMatchObject({ sipStatusCode: 404 });
    operator.behaviour = { kind: "does-not-answer" };
    const [expected] = recorded("sip-dial-failures").transfer;
    const error = await transferTo(`tel:${operator.number}`, { ringingTimeout: 1 });
    const { message, code, status } = error;
    expect({ message, code, status }).toEqual({
      message: expected.message,
      code: expected.code,
      status: expected.status,
    });
    expect(error.metadata).toBeUndefined();
    expect(line.isUp).toBe(true);
    await line.hangUp();
    expect(await transferTo(`tel:${operator.number}`)).toMatchObject({ code: "not_found" });
  });
});
