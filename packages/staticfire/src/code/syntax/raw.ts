import type { Parse } from './parse.ts';

/**
 * The parser's fast way: the tree is read out of memory that both sides share, and never becomes JSON.
 * It rests on the inside of one exact version of the parser, and on address space that a small machine may not give:
 * undefined where it cannot be had.
 */
export async function openRawParser(): Promise<Parse | undefined> {
  // Elsewhere memory that is only reserved counts as used.
  if (process.platform !== 'linux' && process.platform !== 'darwin') return undefined;
  try {
    return await open();
  } catch {
    return undefined;
  }
}

async function open(): Promise<Parse | undefined> {
  const [{ parseRawSync, getBufferOffset, rawTransferSupported }, sizes, { deserialize }] = await Promise.all([
    import('oxc-parser/src-js/bindings.js'),
    import('oxc-parser/src-js/generated/constants.js'),
    import('oxc-parser/src-js/generated/deserialize/ts.js'),
  ]);
  if (!rawTransferSupported()) return undefined;
  const memory = reserve(getBufferOffset, sizes.BLOCK_SIZE);
  if (memory === undefined) return undefined;
  const { buffer, offset } = memory;
  const block = new Uint8Array(buffer, offset, sizes.BLOCK_SIZE);
  const view = Object.assign(new Uint8Array(buffer, offset, sizes.BUFFER_SIZE), {
    int32: new Int32Array(buffer, offset, sizes.BUFFER_SIZE >> 2),
    float64: new Float64Array(buffer, offset, sizes.BUFFER_SIZE >> 3),
  });
  const encoder = new TextEncoder();
  return (path, text, lang) => {
    const most = text.length * 3;
    const start = sizes.ACTIVE_SIZE - most;
    const { written } = encoder.encodeInto(text, new Uint8Array(buffer, offset + start, most));
    parseRawSync(path, block, start, written, { lang, sourceType: 'unambiguous' });
    return deserialize(view, text, start, written);
  };
}

const gibibyte = 2 ** 30;

/**
 * A block whose address is a multiple of 4 GiB, as the parser wants it. Node.js 20 has no buffer large enough to hold one
 * for certain; two of 4 GiB, with half of that between them, cannot both miss. Nothing of it is used before it is written.
 */
function reserve(
  offsetIn: (buffer: Uint8Array) => number,
  size: number,
): { readonly buffer: ArrayBuffer; readonly offset: number } | undefined {
  const missed: ArrayBuffer[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const buffer = new ArrayBuffer(4 * gibibyte);
    const offset = offsetIn(new Uint8Array(buffer));
    if (offset + size <= buffer.byteLength) return { buffer, offset };
    missed.push(buffer, new ArrayBuffer(2 * gibibyte));
  }
  return undefined;
}
