import { errors, jwtVerify, SignJWT } from "jose";

/** For whom links are: a token that was signed for something else with the same secret opens no appointment. */
const audience = "web-clinic";

/** Signs and reads the links that a clinic sends to its patients (a JWT with HMAC SHA-256). */
export interface AppointmentLinks {
  /** Makes the secret part of a link to an appointment. */
  sign(appointmentId: string, hours: number): Promise<string>;
  /** The appointment of a link, or `undefined` when it was not signed here or has expired. */
  verify(link: string): Promise<string | undefined>;
}

/** Makes links with a secret that only this server knows. */
export function appointmentLinks(secret: string): AppointmentLinks {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (appointmentId, hours) =>
      new SignJWT()
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(appointmentId)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${hours} hours`)
        .sign(key),
    async verify(link) {
      try {
        const { payload } = await jwtVerify(link, key, {
          audience,
          algorithms: ["HS256"],
          requiredClaims: ["sub", "exp"],
        });
        return payload.sub;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
