/** The protobuf wire format, as far as Kubernetes uses it: varints, and bytes with their length. */
export interface WireField {
  readonly number: number;
  /** Of a varint or a fixed number; 0n where there are bytes. */
  readonly value: bigint;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);

/** All fields of a message, in their order. Throws where the bytes are no message. */
export function readFields(message: Uint8Array): readonly WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('unexpected EOF');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new Error('varint overflows 64 bits');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw new Error('unexpected EOF');
    return message.subarray(at, at += length);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if (number === 0) throw new Error('illegal tag 0');
    switch (tag & 7) {
      case 0: fields.push({ number, value: varint(), bytes: none }); break;
      case 1: fields.push({ number, value: 0n, bytes: take(8) }); break;
      case 2: fields.push({ number, value: 0n, bytes: take(Number(varint())) }); break;
      case 5: fields.push({ number, value: 0n, bytes: take(4) }); break;
      default: throw new Error(`wire type ${tag & 7} is not used`);
    }
  }
  return fields;
}
