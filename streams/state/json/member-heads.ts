import { ConstantBytes } from './constant-bytes.js';

/** How a member of an object begins: as the first, with the brace that opens the object, and behind others. */
export interface MemberHeads {
  readonly first: ConstantBytes;
  readonly further: ConstantBytes;
}

/** `opening`: what the value begins with, where that is always the same. */
export const memberHeads = (name: string, opening = ''): MemberHeads => {
  const head = `${JSON.stringify(name)}:${opening}`;
  return { first: new ConstantBytes(`{${head}`), further: new ConstantBytes(`,${head}`) };
};
