import { SipVoiceError } from "@clinic/sip-voice";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readWebClinicEnvironment } from "./environment.ts";
import { startWebClinic } from "./server.ts";

const defaultPort = 8080;

function hours(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 24 * 90)) throw new InvalidArgumentError("Give hours, from 1 to 2160.");
  return value;
}

const program = new Command("web-clinic")
  .description("Serves the page on which patients talk to the clinic's agent, on loopback.")
  .option("--link <appointmentId...>", "also print a patient's link to this appointment")
  .option("--hours <hours>", "for how long links open the appointment", hours, 72)
  .exitOverride();

async function main(): Promise<void> {
  program.parse();
  const { link = [], hours } = program.opts<{ link?: string[]; hours: number }>();
  const environment = readWebClinicEnvironment(process.env);
  const clinic = await startWebClinic({
    liveKit: {
      url: environment.LIVEKIT_URL,
      apiKey: environment.LIVEKIT_API_KEY,
      apiSecret: environment.LIVEKIT_API_SECRET,
    },
    linkSecret: environment.WEB_CLINIC_LINK_SECRET,
    port: Number(environment.WEB_CLINIC_PORT ?? defaultPort),
  });
  console.log(`The page is at ${clinic.url}`);
  for (const appointmentId of link) console.log(await clinic.linkTo(appointmentId, hours));
  const stop = (): void => void clinic.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  await main();
} catch (error) {
  // commander has already said what is wrong with the command.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (SipVoiceError.is(error)) {
    console.error(error.message);
    process.exitCode = 2;
  } else if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    console.error(
      `Port ${process.env.WEB_CLINIC_PORT ?? defaultPort} is taken. Set WEB_CLINIC_PORT to another one.`,
    );
    process.exitCode = 2;
  } else throw error;
}
