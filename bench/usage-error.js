// @ts-check

/** The command line was wrong: exit code 2, and the usage is shown. */
export class UsageError extends Error {}
