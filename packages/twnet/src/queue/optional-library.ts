import { InputError } from '@twnet/core/errors';

/** A library that only some need. @throws InputError that says how to install it */
export async function optional<T>(what: string, names: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new InputError(`${what} needs ${names}: npm install ${names}`);
  }
}
