// Recordings for tests, as watches write them: FIT files made by code, so that
// none has to be kept here.

/** Seconds from 1970 to the beginning of time in FIT, 31 December 1989. */
const EPOCH = 631_065_600;

export interface Recording {
  /** When it starts, as an instant. */
  start: string;
  /** Seconds for each kilometre. */
  paces: readonly number[];
  /** Metres of the last kilometre, if it is no whole one. */
  rest?: number;
  sport?: number;
  subSport?: number;
  heartRate?: boolean;
  position?: boolean;
  serial?: number;
  /** Seconds of standing still after each kilometre. */
  pause?: number;
}

export const sports = { running: 1, cycling: 2, walking: 11 } as const;

/** A run at given paces, round a loop with a hill. */
export function fit({ start, paces, rest = 0, sport = sports.running, subSport = 0, heartRate = true, position = true, serial = 4711, pause = 0 }: Recording): Buffer {
  const begin = Math.floor(Date.parse(start) / 1000) - EPOCH;
  const out = new Writer();
  out.define(0, 0, [[0, 1, 0x00], [1, 2, 0x84], [2, 2, 0x84], [3, 4, 0x8c], [4, 4, 0x86]]);
  out.data(0, [4, 255, 1, serial, begin]);
  out.define(1, 21, [[253, 4, 0x86], [0, 1, 0x00], [1, 1, 0x00]]);
  out.data(1, [begin, 0, 0]);
  out.define(2, 20, [[253, 4, 0x86], [5, 4, 0x86], [6, 2, 0x84], ...(position ? ([[0, 4, 0x85], [1, 4, 0x85], [2, 2, 0x84]] as Field[]) : []), ...(heartRate ? ([[3, 1, 0x02]] as Field[]) : []), [4, 1, 0x02]]);
  out.define(3, 19, [[253, 4, 0x86], [2, 4, 0x86], [7, 4, 0x86], [8, 4, 0x86], [9, 4, 0x86], ...(heartRate ? ([[15, 1, 0x02], [16, 1, 0x02]] as Field[]) : [])]);

  const stretches = paces.map((pace, i) => ({ pace, length: rest > 0 && i === paces.length - 1 ? rest : 1000 }));
  const total = stretches.reduce((sum, s) => sum + s.length, 0);
  const semicircles = (degrees: number) => Math.round((degrees * 2 ** 31) / 180);
  let t = 0;
  let d = 0;
  const record = (speed: number) => {
    const turn = (d / total) * 2 * Math.PI;
    const radius = total / (2 * Math.PI) / 111_195;
    const spot = [semicircles(52.52 + radius * Math.sin(turn)), semicircles(13.4 + ((1 - Math.cos(turn)) * radius * (1 + 0.35 * Math.sin(3 * turn))) / Math.cos(0.917))];
    out.data(2, [
      begin + t,
      Math.round(d * 100),
      Math.round(speed * 1000),
      ...(position ? [...spot, Math.round((40 + 25 * (1 - Math.cos(2 * turn)) + 500) * 5)] : []),
      ...(heartRate ? [Math.round(Math.min(185, 110 + 45 * (1 - Math.exp(-t / 120)) + 6 * Math.sin(t / 90)))] : []),
      86,
    ]);
  };
  record(0);
  for (const { pace, length } of stretches) {
    const [from, at] = [d, t];
    const duration = Math.round((pace * length) / 1000);
    for (let s = 1; s <= duration; s++) {
      t = at + s;
      d = from + (length * s) / duration;
      record(length / duration);
    }
    out.data(3, [begin + t, begin + at, duration * 1000, duration * 1000, Math.round(length * 100), ...(heartRate ? [150, 172] : [])]);
    for (let s = 0; s < pause; s++) {
      t++;
      record(0);
    }
  }
  out.data(1, [begin + t, 0, 4]);
  out.define(4, 18, [[253, 4, 0x86], [2, 4, 0x86], [5, 1, 0x00], [6, 1, 0x00], [7, 4, 0x86], [8, 4, 0x86], [9, 4, 0x86]]);
  out.data(4, [begin + t, begin, sport, subSport, t * 1000, t * 1000, Math.round(d * 100)]);
  out.define(5, 34, [[253, 4, 0x86], [0, 4, 0x86], [1, 2, 0x84], [2, 1, 0x00]]);
  out.data(5, [begin + t, t * 1000, 1, 0]);
  return out.file();
}

/** A file of a watch in which nothing was done: its settings. */
export function settings(): Buffer {
  const out = new Writer();
  out.define(0, 0, [[0, 1, 0x00], [1, 2, 0x84], [2, 2, 0x84], [3, 4, 0x8c], [4, 4, 0x86]]);
  out.data(0, [2, 255, 1, 4711, 1_000_000_000]);
  return out.file();
}

/** Number of a field, its size in bytes, and its base type. */
type Field = readonly [number: number, size: number, type: number];

class Writer {
  #bytes: number[] = [];
  #sizes = new Map<number, readonly Field[]>();

  define(local: number, message: number, fields: readonly Field[]): void {
    this.#sizes.set(local, fields);
    this.#bytes.push(0x40 | local, 0, 0, message & 0xff, message >> 8, fields.length, ...fields.flat());
  }

  data(local: number, values: readonly number[]): void {
    const fields = this.#sizes.get(local) ?? [];
    if (fields.length !== values.length) throw new Error(`message ${local} has ${fields.length} fields, not ${values.length}`);
    this.#bytes.push(local);
    fields.forEach(([, size], i) => {
      for (let b = 0; b < size; b++) this.#bytes.push(((values[i] as number) >> (8 * b)) & 0xff);
    });
  }

  file(): Buffer {
    const head = Buffer.alloc(14);
    head.writeUInt8(14, 0);
    head.writeUInt8(0x20, 1);
    head.writeUInt16LE(2132, 2);
    head.writeUInt32LE(this.#bytes.length, 4);
    head.write('.FIT', 8, 'ascii');
    head.writeUInt16LE(crc(head.subarray(0, 12)), 12);
    const body = Buffer.concat([head, Buffer.from(this.#bytes)]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc(body));
    return Buffer.concat([body, sum]);
  }
}

function crc(bytes: Uint8Array): number {
  const table = [0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400];
  let sum = 0;
  for (const byte of bytes) {
    for (const nibble of [byte & 0xf, byte >> 4]) sum = (sum >> 4) ^ (table[sum & 0xf] as number) ^ (table[nibble] as number);
  }
  return sum;
}
