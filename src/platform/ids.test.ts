import { describe, expect, it } from 'vitest'
import { firstUuidSince, newId, newUuid, withNewIds } from './ids.ts'

/** How often each bit differs between an id and the next one, 0 to 1, the rarest first. */
function changes(ids: readonly bigint[], bits: readonly number[]): number[] {
  return bits
    .map(
      (bit) => ids.slice(1).filter((id, index) => ((id ^ (ids[index] ?? 0n)) >> BigInt(bit)) & 1n).length / ids.length,
    )
    .sort((a, b) => a - b)
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const numberOf = (id: string) =>
  [...id.slice(id.indexOf('_') + 1)].reduce((sum, digit) => sum * 32n + BigInt(base32.indexOf(digit)), 0n)

// Removes the risk that somebody who has an id guesses the next one: an order's id opens what was bought.
describe('ids', () => {
  it('toss a coin for each of 80 bits, also for those of one millisecond', () => {
    const tossed = changes(
      Array.from({ length: 4000 }, () => numberOf(newId('order'))),
      range(0, 80),
    )
    expect(tossed[0]).toBeGreaterThan(0.4)
    expect(tossed.at(-1)).toBeLessThan(0.6)
  })

  it('of carts toss a coin for each of 74 bits beside version and variant', () => {
    const uuids = Array.from({ length: 4000 }, () => BigInt(`0x${newUuid().replaceAll('-', '')}`))
    const tossed = changes(uuids, [...range(0, 62), ...range(64, 76)])
    expect(tossed[0]).toBeGreaterThan(0.4)
    expect(tossed.at(-1)).toBeLessThan(0.6)
  })

  it('of carts stand before and after a moment as they were made before or after it', () => {
    const now = Date.now()
    const cart = newUuid()
    expect(firstUuidSince(new Date(now)) <= cart).toBe(true)
    expect(firstUuidSince(new Date(now + 60_000)) > cart).toBe(true)
  })

  it('have a prefix and sort by the time they were made, those made together as they stand', () => {
    const before = newId('order')
    const end = Date.now() + 2
    while (Date.now() < end);
    expect([before, newId('order')].toSorted()[0]).toBe(before)
    expect(before).toMatch(/^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    const rows = withNewIds('task', range(0, 50), (id, thing) => ({ id, thing }))
    expect(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ thing }) => thing)).toEqual(range(0, 50))
  })
})
