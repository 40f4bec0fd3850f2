import type { DisconnectReason, Room } from "@livekit/rtc-node";

// Two things that rtc-node 0.13.35 can do natively and does not offer. Both look for its internals, and do nothing
// where those have changed.

const GONE_WITHIN_MS = 1000;

interface NativeClient {
  request(request: { message: { case: string; value: Record<string, unknown> } }): unknown;
  off(event: string, listener: unknown): unknown;
}

interface RoomInternals {
  readonly ffiHandle?: { readonly handle?: bigint };
  readonly onFfiEvent?: unknown;
}

function nativeClient(): NativeClient | undefined {
  return (globalThis as { _ffiClientInstance?: NativeClient })._ffiClientInstance;
}

/**
 * Leaves a room with a reason. LiveKit SIP tells the room why a telephone left (the recorded USER_UNAVAILABLE);
 * `Room.disconnect()` has no parameter for it.
 */
export async function leaveWithReason(room: Room, reason: DisconnectReason): Promise<void> {
  const client = nativeClient();
  const handle = (room as unknown as RoomInternals).ffiHandle?.handle;
  if (!room.isConnected || !client || handle === undefined) return;
  const gone = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, GONE_WITHIN_MS);
    room.once("disconnected", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  try {
    client.request({ message: { case: "disconnect", value: { roomHandle: handle, reason } } });
  } catch {
    return;
  }
  await gone;
}

/**
 * Stops a room from listening to the native part. `Room.disconnect()` does it, but not when the server ended the
 * connection first; each such room would then see every event of the process for as long as it lives.
 */
export function releaseRoom(room: Room): void {
  const { onFfiEvent } = room as unknown as RoomInternals;
  if (onFfiEvent) nativeClient()?.off("ffi_event", onFfiEvent);
}
