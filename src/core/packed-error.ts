import { ImagekinError } from './errors.js';

/** An error as plain data. Cloned from thread to thread as it is, it would lose its class, its code and most names. */
export interface PackedError {
  readonly isImagekinError: boolean;
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly shown?: string;
  readonly stack?: string;
  readonly cause?: PackedError;
}

/** What was thrown, as plain data: errors with their causes, anything else by its text. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return { isImagekinError: false, name: 'Error', message: String(thrown) };
  const { name, message, stack, cause } = thrown;
  const { code, shown } = thrown as NodeJS.ErrnoException & Pick<PackedError, 'code' | 'shown'>;
  return {
    isImagekinError: thrown instanceof ImagekinError,
    name,
    message,
    stack,
    ...(code === undefined ? {} : { code }),
    ...(shown === undefined ? {} : { shown }),
    ...(cause === undefined ? {} : { cause: packError(cause) }),
  };
}

/** The error that was packed, with the stack of where it was thrown. */
export function unpackError({
  isImagekinError,
  name,
  message,
  stack,
  code,
  shown,
  cause,
}: PackedError): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: unpackError(cause) });
  if (isImagekinError) Object.setPrototypeOf(error, ImagekinError.prototype);
  return Object.assign(
    error,
    { name, stack },
    code === undefined ? {} : { code },
    shown === undefined ? {} : { shown },
  );
}
