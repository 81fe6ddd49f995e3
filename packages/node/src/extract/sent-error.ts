/** Errors on their way from another thread, where classes are lost. */
import { InputError, OutputError, PartialInputError, TwnetError } from '@twnet/core/errors';

export interface SentError {
  readonly kind: string;
  readonly message: string;
  readonly stack: string | undefined;
}

const KINDS = { InputError, PartialInputError, OutputError, TwnetError } as const;

export function sentError(thrown: unknown): SentError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return { kind: error.name, message: error.message, stack: error.stack };
}

export function receivedError({ kind, message, stack }: SentError): Error {
  const error = new (KINDS[kind as keyof typeof KINDS] ?? Error)(message);
  error.stack = stack;
  return error;
}
