import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";

/** What changes from one run of the server to the next. */
export interface ServerConfig {
  readonly port: number;
  readonly udpPort: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly loopbackInterface: string;
}

/** The name of the interface that has 127.0.0.1: `lo` on Linux, `lo0` on macOS. */
export function loopbackInterface(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): string {
  for (const [name, addresses] of Object.entries(interfaces)) {
    if (addresses?.some((address) => address.address === "127.0.0.1")) return name;
  }
  return "lo";
}

/**
 * The configuration of a LiveKit server that listens on loopback only, as JSON (which is YAML too).
 * `tcp_port: 0` is written out because a server without the line listens on 7881 on every interface.
 */
export function serverConfigBody(config: ServerConfig): string {
  return JSON.stringify({
    port: config.port,
    bind_addresses: ["127.0.0.1"],
    keys: { [config.apiKey]: config.apiSecret },
    rtc: {
      tcp_port: 0,
      udp_port: config.udpPort,
      use_external_ip: false,
      node_ip: "127.0.0.1",
      interfaces: { includes: [config.loopbackInterface] },
      enable_loopback_candidate: true,
    },
    logging: { level: "info", json: false },
  });
}
