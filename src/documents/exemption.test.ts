import { describe, expect, it } from 'vitest'
import type { OrderView } from '../order-view/read-order.ts'
import { exemptionOf } from './exemption.ts'

const mug = { kind: 'physical', product: { physical: true }, shipFrom: null }
const book = { kind: 'digital', product: {}, shipFrom: null }
const order = (from: string, to: string, items: object[] = [mug], seller = from) =>
  ({
    details: { taxTreatment: 'reverse_charge', shipFrom: { address: { country: from } } },
    sellingEntity: { country: seller },
    shipTo: { address: { country: to } },
    items,
  }) as unknown as OrderView

// Removes the risk of an invoice that calls import tax a reverse charge, which an authority would not accept.
describe('why no tax is on what a business buys from abroad', () => {
  it.each([
    ['goods within the Union', order('IE', 'DE'), 'intra_community'],
    ['goods that are imported into the Union', order('US', 'DE'), 'outside'],
    ['goods that a seller of the Union sends from outside', order('CN', 'DE', [mug], 'IE'), 'outside'],
    ['goods that leave the Union', order('IE', 'CH'), 'export'],
    ['goods between countries outside the Union', order('GB', 'AU'), 'outside'],
    ['what is no goods', order('US', 'DE', [book]), 'reverse_charge'],
    ['goods with what is none', order('US', 'DE', [mug, book]), 'reverse_charge'],
  ])('%s', (_what, sold, exemption) => {
    expect(exemptionOf(sold)).toBe(exemption)
  })
})
