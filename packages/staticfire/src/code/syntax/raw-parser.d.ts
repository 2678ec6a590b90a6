// The inside of oxc-parser, of exactly the version that package.json names: it has no types of its own.

declare module 'oxc-parser/src-js/bindings.js' {
  export function parseRawSync(
    path: string,
    block: Uint8Array,
    sourceStart: number,
    sourceLength: number,
    options: { readonly lang: string; readonly sourceType: string },
  ): void;
  /** How far into a buffer the next multiple of 4 GiB of the address space lies. */
  export function getBufferOffset(buffer: Uint8Array): number;
  /** The processor can do it: 64 bits, little-endian. */
  export function rawTransferSupported(): boolean;
}

declare module 'oxc-parser/src-js/generated/constants.js' {
  export const BLOCK_SIZE: number;
  export const BUFFER_SIZE: number;
  export const ACTIVE_SIZE: number;
}

declare module 'oxc-parser/src-js/generated/deserialize/ts.js' {
  import type { EcmaScriptModule, OxcError, Program } from 'oxc-parser';

  export function deserialize(
    buffer: Uint8Array & { readonly int32: Int32Array; readonly float64: Float64Array },
    text: string,
    sourceStart: number,
    sourceLength: number,
  ): { readonly program: Program; readonly module: EcmaScriptModule; readonly errors: readonly OxcError[] };
}
