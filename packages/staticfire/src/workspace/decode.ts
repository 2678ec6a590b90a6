import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';

/** Reads a whole file into a fresh or shared buffer; undefined when it holds more than `limit` bytes. */
export type FileReader = (path: string, limit: number) => Buffer | undefined;

/** One growing buffer for all files of a run: the bytes are valid until the next call. */
export function fileReader(): FileReader {
  let buffer: Buffer = Buffer.allocUnsafe(1 << 18);
  return (path, limit) => {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        if (length === buffer.length) buffer = grown(buffer);
        const read = readSync(file, buffer, length, buffer.length - length, null);
        if (read === 0) return buffer.subarray(0, length);
        length += read;
        if (length > limit) return undefined;
      }
    } finally {
      closeSync(file);
    }
  };
}

function grown(buffer: Buffer): Buffer {
  const next = Buffer.allocUnsafe(buffer.length * 4);
  buffer.copy(next);
  return next;
}

/** The text of a file in UTF-8, or in UTF-16 when it says so by its first bytes; undefined when it is neither. */
export function decodeText(bytes: Buffer): string | undefined {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return swapped(bytes.subarray(2)).toString('utf16le');
  if (!isUtf8(bytes)) return undefined;
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', marked ? 3 : 0);
}

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
