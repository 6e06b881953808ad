import { afterAll, beforeAll, expect } from 'vitest'
import { overdrawnCredits } from './overdrawn-credits.ts'
import { type System, type SystemOptions, startSystem } from './system.ts'
import { toldTwice } from './told-once.ts'

/**
 * The whole product with a stocked shop, for the tests of one file: it starts before the first and is closed after the last, when nothing of
 * its orders may have been told twice, or promised to a credit that did not pay it.
 * Until then `system` is empty, so that what stands beside the tests may name it and nothing of it.
 * @param open how the shop is spoken to, such as `storefront`
 */
export function runningShop<Shop extends { stock(): Promise<unknown> }>(
  open: (system: System) => Shop,
  options: SystemOptions = {},
): { system: System; shop: Shop } {
  const system = {} as System
  const shop = open(system)
  beforeAll(async () => {
    Object.assign(system, await startSystem(options))
    await shop.stock()
  })
  afterAll(async () => {
    try {
      if (system.database) {
        expect(await toldTwice(system.database.sql)).toEqual([])
        expect(await overdrawnCredits(system.database.sql)).toEqual([])
      }
    } finally {
      await system.close?.()
    }
  })
  return { system, shop }
}
