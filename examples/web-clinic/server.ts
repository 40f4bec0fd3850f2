import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { build } from "esbuild";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { type AppointmentLinks, appointmentLinks } from "./appointment-link.ts";
import { readSessionRequest } from "./session-request.ts";
import { type LiveKitAccess, visitorToken } from "./visitor-token.ts";

/** How the page's server is set up. */
export interface WebClinicOptions {
  /** LiveKit, as browsers reach it. */
  readonly liveKit: LiveKitAccess;
  /** What links are signed with: 32 characters or more. */
  readonly linkSecret: string;
  /** The port on loopback; a free one unless given. */
  readonly port?: number;
}

/** A running server. */
export interface WebClinic {
  /** Where the page is. */
  readonly url: string;
  /** The link for a patient to their appointment. What is secret stands behind the `#`, so no server's log has it. */
  linkTo(appointmentId: string, hours?: number): Promise<string>;
  /** Stops it. */
  stop(): Promise<void>;
}

const pageFolder = join(import.meta.dirname, "page");

/** Starts the server on loopback: put it behind your own TLS proxy. */
export async function startWebClinic({
  liveKit,
  linkSecret,
  port = 0,
}: WebClinicOptions): Promise<WebClinic> {
  const links = appointmentLinks(linkSecret);
  const app = webClinicApp(liveKit, links, await pageFiles());
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, () => resolve(starting));
    starting.once("error", reject);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    linkTo: async (appointmentId, hours = 72) => `${url}/#${await links.sign(appointmentId, hours)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

/** The page as browsers load it. */
interface PageFiles {
  readonly html: string;
  readonly css: string;
  readonly script: string;
}

async function pageFiles(): Promise<PageFiles> {
  const [html, css, bundle] = await Promise.all([
    readFile(join(pageFolder, "index.html"), "utf8"),
    readFile(join(pageFolder, "page.css"), "utf8"),
    build({
      entryPoints: [join(pageFolder, "page.ts")],
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      logLevel: "error",
    }),
  ]);
  return { html, css, script: bundle.outputFiles[0]?.text ?? "" };
}

/** Where the page may connect to: LiveKit's server, and on LiveKit Cloud its regions. */
function liveKitOrigins(url: string): string[] {
  const { host, hostname, protocol } = new URL(url);
  const secure = protocol === "wss:" ? "s" : "";
  const hosts = hostname.endsWith(".livekit.cloud") ? [host, "*.livekit.cloud"] : [host];
  return hosts.flatMap((one) => [`ws${secure}://${one}`, `http${secure}://${one}`]);
}

/** The server's routes. */
export function webClinicApp(liveKit: LiveKitAccess, links: AppointmentLinks, page: PageFiles): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        mediaSrc: ["'self'", "blob:"],
        connectSrc: ["'self'", ...liveKitOrigins(liveKit.url)],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      permissionsPolicy: { microphone: ["self"], camera: [], geolocation: [] },
      referrerPolicy: "no-referrer",
    }),
  );
  app.get("/", (context) => context.html(page.html));
  app.get("/page.css", (context) =>
    context.body(page.css, 200, { "content-type": "text/css; charset=utf-8" }),
  );
  app.get("/page.js", (context) =>
    context.body(page.script, 200, { "content-type": "text/javascript; charset=utf-8" }),
  );
  app.post("/session", bodyLimit({ maxSize: 4_000 }), async (context) => {
    context.header("cache-control", "no-store");
    const request = readSessionRequest(await context.req.text());
    if (!request) return context.json({ error: "malformed" }, 400);
    const appointmentId = await links.verify(request.link);
    if (!appointmentId) return context.json({ error: "link-expired" }, 403);
    const token = await visitorToken(liveKit, appointmentId, request.language);
    return context.json({ url: liveKit.url, token });
  });
  return app;
}
