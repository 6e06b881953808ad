import type { SellerSnapshot } from './checkout.entity.ts'
import type { OwnedSellingEntity } from './selling-entity.ts'

/** What a basket and its order keep of the entity that sells. */
export const snapshotOf = (entity: OwnedSellingEntity): SellerSnapshot => ({
  id: entity.id,
  ownerId: entity.ownerId,
  name: entity.name,
  country: entity.country,
  address: entity.address,
  taxIdentifiers: entity.taxIdentifiers,
  disclosures: entity.disclosures,
})
