import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freshDatabase, type TestDatabase } from '../../test/services.ts'
import { connect } from '../boot/connect.ts'
import type { Database } from '../database/database.ts'
import { demoSellingEntities, seedDemoSellingEntities } from './demo-selling-entities.ts'
import { replaceSellingEntities } from './selling-entities.ts'
import { chooseSellingEntity, loadSellingEntities } from './selling-entity.ts'
import { sellingEntitySchema } from './selling-entity-schema.ts'

const installed = demoSellingEntities.map((entity) => ({ ...entity, ownerId: null }))
const choose = (sale: Parameters<typeof chooseSellingEntity>[1]) => {
  const choice = chooseSellingEntity(installed, sale)
  return choice.outcome === 'chosen' ? choice.entity.id : choice.outcome
}

// Removes the risk that a company sells what it may not sell, and the buyer reads the terms of another one.
describe('the selling entity', () => {
  it('R58 sells goods by where they are and where they go', () => {
    const shipped = { physical: true, billTo: 'JP' }
    expect(choose({ ...shipped, shipFrom: 'GB', shipTo: 'DE' })).toBe('ORDERMILL_GB')
    expect(choose({ ...shipped, shipFrom: 'DE', shipTo: 'FR' })).toBe('ORDERMILL_IE')
    expect(choose({ ...shipped, shipFrom: 'US', shipTo: 'FR' })).toBe('ORDERMILL_US')
  })

  it('R58 sells digital goods by where the buyer is billed, wherever they are shipped', () => {
    const digital = { physical: false, shipFrom: 'GB', shipTo: 'GB' }
    expect(choose({ ...digital, billTo: 'JP' })).toBe('ORDERMILL_JP')
    expect(choose({ ...digital, billTo: 'DE' })).toBe('ORDERMILL_IE')
    expect(choose({ ...digital, billTo: 'BR' })).toBe('ORDERMILL_US')
  })

  it('R58 is undecided as long as an address is missing', () => {
    expect(choose({ physical: true, shipFrom: undefined, shipTo: 'DE', billTo: 'DE' })).toBe('undecided')
    expect(choose({ physical: true, shipFrom: 'DE', shipTo: null, billTo: 'DE' })).toBe('undecided')
    expect(choose({ physical: true, shipFrom: [], shipTo: 'DE', billTo: 'DE' })).toBe('undecided')
    expect(choose({ physical: false, shipFrom: 'DE', shipTo: 'DE', billTo: null })).toBe('undecided')
  })

  it('R58 is one for the whole transaction, and not found where none sells all of it', () => {
    const home = installed.filter(({ id }) => id !== 'ORDERMILL_US')
    const mixed = { physical: true, shipFrom: ['GB', 'DE'], shipTo: 'DE', billTo: 'DE' }
    expect(chooseSellingEntity(home, mixed)).toEqual({ outcome: 'not_found' })
    expect(chooseSellingEntity(home, { ...mixed, shipFrom: ['DE', 'AT'] })).toMatchObject({
      outcome: 'chosen',
      entity: { id: 'ORDERMILL_IE' },
    })
    expect(chooseSellingEntity([], mixed)).toEqual({ outcome: 'not_found' })
  })

  it('R59 brings what a buyer must be able to read', () => {
    for (const { disclosures } of demoSellingEntities) {
      for (const type of ['termsOfSale', 'privacyPolicy', 'cookiePolicy', 'cancellationRight', 'imprint']) {
        expect(disclosures).toContainEqual({
          type,
          localizedText: expect.stringMatching(/./),
          url: expect.stringMatching(/^https:/),
        })
      }
    }
    expect(z.array(sellingEntitySchema).parse(demoSellingEntities)).toEqual(demoSellingEntities)
  })

  it('R59 refuses a disclosure nobody knows', () => {
    const [first] = demoSellingEntities
    const wrong = { ...first, disclosures: [{ type: 'smallPrint', localizedText: 'none' }] }
    expect(sellingEntitySchema.safeParse(wrong).success).toBe(false)
  })
})

// Removes the risk that one merchant's change reaches another, or that a restart undoes what an operator has set.
describe('the selling entities of merchants', () => {
  let server: TestDatabase
  let database: Database

  beforeAll(async () => {
    server = await freshDatabase()
    database = await connect({ url: server.url, poolSize: 2, name: 'test' })
    await database.sql(
      `insert into merchants (id, parent_id, name) values ('mer_market', null, 'Market'), ('mer_seller', 'mer_market', 'Seller'), ('mer_other', null, 'Other')`,
    )
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })
  const names = async (merchantId: string) =>
    (await loadSellingEntities(database.sql, merchantId)).map(({ name }) => name)
  const ownEntities = demoSellingEntities.slice(2, 4).map((entity) => ({ ...entity, name: `Market ${entity.id}` }))

  it('R58 starts with the installation’s own, once', async () => {
    expect(await seedDemoSellingEntities(database.sql)).toBe(4)
    expect(await seedDemoSellingEntities(database.sql)).toBe(0)
    expect(await loadSellingEntities(database.sql, 'mer_other')).toEqual(installed)
  })

  it('R58 prefers a merchant’s own, which its sellers share and nobody else sees', async () => {
    await database.transaction((tx) => replaceSellingEntities(tx, 'mer_market', ownEntities))
    expect(await names('mer_market')).toEqual(['Market ORDERMILL_IE', 'Market ORDERMILL_US'])
    expect(await names('mer_seller')).toEqual(['Market ORDERMILL_IE', 'Market ORDERMILL_US'])
    expect(await names('mer_other')).toHaveLength(4)
  })

  it('R58 replaces them in the order given', async () => {
    await database.transaction((tx) => replaceSellingEntities(tx, 'mer_market', ownEntities.toReversed()))
    expect(await names('mer_market')).toEqual(['Market ORDERMILL_US', 'Market ORDERMILL_IE'])
    await database.transaction((tx) => replaceSellingEntities(tx, null, ownEntities.slice(0, 1)))
    expect(await names('mer_other')).toEqual(['Market ORDERMILL_IE'])
    expect(await seedDemoSellingEntities(database.sql)).toBe(0)
  })
})
