import { closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';

/**
 * The bytes of a file, but at most one more than `most`: whoever asks sees that there are too many, and nothing endless is ever read. Links are
 * followed. What is no regular file is refused unread: nobody may ever write to a pipe, and a process that waits for it can't even be ended.
 */
export const readAtMost = (file: string, most: number): Buffer => {
  const stats = statSync(file);
  if (!stats.isFile()) throw new Error(`it is ${kindOf(stats)}, not a regular file`);
  // Doesn't wait, should a pipe have taken its place since.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return filled(fd, Buffer.allocUnsafe(Math.min(stats.size, most) + 1), most);
  } finally {
    closeSync(fd);
  }
};

/** Goes on until there is no more, as files grow, and those of `/proc` say they have no bytes. */
const filled = (fd: number, buffer: Buffer, most: number): Buffer => {
  let into = buffer;
  let length = 0;
  for (;;) {
    const read = readSync(fd, into, length, into.length - length, null);
    length += read;
    if (read === 0 || length > most) return into.subarray(0, length);
    if (length === into.length) into = Buffer.concat([into], Math.min(2 * length, most + 1));
  }
};

const kindOf = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
};
