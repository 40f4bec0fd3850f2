import { WebSocket } from "ws";

/**
 * A server's socket that answers a close frame without a code with 1000, as Gemini does. `ws` would echo "no code",
 * which the client sees as 1005 and LiveKit's plugin takes for an error.
 */
export class CleanClosingSocket extends WebSocket {
  /** What a close frame without a code is answered with; 1005 is no code, which makes trouble on purpose. */
  closeAnswer: 1000 | 1005 = 1000;

  override close(code?: number, reason?: string | Buffer): void {
    if (code === undefined && this.closeAnswer === 1005) super.close();
    else super.close(code ?? 1000, reason);
  }

  /** Closes with a code; 1005 sends a close frame without one, 1006 cuts the connection. */
  closeWith(code: number, reason: string): void {
    if (code === 1006) this.terminate();
    else if (code === 1005) super.close();
    else super.close(code, reason);
  }
}
