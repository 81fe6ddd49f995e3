/** The part of WebAssembly's interface in use here; Node's types only name it, and the browser's are not for Node. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>);
    readonly exports: unknown;
  }
  class Memory {
    constructor(size: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    /** @param pages of 64 KiB; detaches `buffer` */
    grow(pages: number): number;
  }
}
