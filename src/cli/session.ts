import type { OnProgress, Skipped } from '../core/progress.js';
import type { ExitCode } from './exit-codes.js';

/** What a command has around it while it works. */
export interface Session {
  /** What the user typed, the program's name left out. */
  readonly args: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Prints a line of the result at once, where it comes bit by bit. */
  print(line: string): void;
  /** Says a line on stderr, unless --quiet. */
  note(line: string): void;
}

/** What a command comes to. Who runs it prints one form or the other. */
export interface Outcome {
  /** For --json: plain data with stable camelCase fields. */
  readonly document: object;
  /** For people: tables and figures. */
  readonly text: string;
  /** Whether it has been printed by then. */
  readonly isPrinted?: boolean;
  /** Paths of PNG files to show where the terminal can. */
  readonly pictures?: readonly string[];
  /** Inputs that could not be used: listed, and the exit code says so. */
  readonly skipped?: readonly Skipped[];
  /** What to do next: lines on stderr. */
  readonly hints?: readonly string[];
  /** Where it is not that of the skipped inputs. */
  readonly exitCode?: ExitCode;
}

/** Flags of every command. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Runs a command's work: gives it a session, prints what it comes to. */
export type Perform = (flags: CommonFlags, work: (session: Session) => Promise<Outcome>) => Promise<void>;
