import { randomBytes, randomUUID } from 'node:crypto'

/** Makes `<prefix>_<run><counter>` ids: sortable by age within a run. */
export type MintId = (prefix: string) => string

/**
 * Returns an id factory of its own. The random run part keeps ids of a restarted sandbox apart from those that a
 * database beside it still remembers: a reused event id would be swallowed there as a replay.
 */
export function mintIds(): MintId {
  const run = randomBytes(6).toString('hex')
  let count = 0
  return (prefix) => {
    count += 1
    return `${prefix}_${run}${count.toString(36).padStart(10, '0')}`
  }
}

/** A text nobody can guess, for client secrets. */
export function secretText(): string {
  return randomUUID().replaceAll('-', '')
}

/** A seeded generator of numbers in [0, 1), so that a probability or a shuffle can be replayed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
