/**
 * The partition of a key, as Sarama's default partitioner has it (FNV-1a, 32 bits, of the key's bytes): a device's records lie in the
 * same partition here as with the producers in use.
 */
export const partitionOfKey = (key: Buffer, partitions: number): number => {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return Math.abs(hash % partitions);
};
