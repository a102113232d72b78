// What every way to a signature is given, and what it gives back.

import type { Tell } from "../words";

/** What is to be signed, for whom, and how to stop. */
export interface Task {
  /** The bytes to sign, in base64. */
  content: string;
  /** The document that they are, as the service calls it. */
  document: string;
  /** Kazakh, Russian or English: kk, ru or en. */
  language: string;
  /** Says how far things are. */
  tell: Tell;
  /** Tells that the person has chosen another way meanwhile. */
  signal: AbortSignal;
}

/**
 * Brings a detached CMS signature, in PEM or base64.
 * Throws `Refused` with the word for the person.
 */
export type Channel = (task: Task) => Promise<string>;
