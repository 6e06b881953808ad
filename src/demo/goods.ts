/** What the merchant needs before it can ship and be paid. */
export const merchant = {
  name: 'Mill Store',
  stripeAccountId: 'acct_millstore',
  shipFrom: {
    name: 'Mill Store',
    phone: '4155550111',
    address: { line1: '179 N Harbor Dr', city: 'Redondo Beach', state: 'CA', postalCode: '90277', country: 'US' },
  },
}

export const buyer = {
  email: 'ada@example.com',
  shipTo: {
    name: 'Ada Buyer',
    phone: '4155550100',
    address: { line1: '417 Montgomery Street', city: 'San Francisco', state: 'CA', postalCode: '94104', country: 'US' },
  },
}

export const skus = [
  {
    id: 'demo-ebook',
    name: 'E-book',
    kind: 'digital',
    price: 20,
    currency: 'USD',
    delivery: { contentType: 'link', content: 'https://example.com/downloads/orders-without-tears.epub' },
    affiliateBps: 1000,
  },
  {
    id: 'demo-mug',
    name: 'Mug',
    kind: 'physical',
    price: 35,
    currency: 'USD',
    weight: 12,
    weightUnit: 'oz',
    dimensions: { length: 6, width: 5, height: 5 },
  },
  {
    id: 'demo-shirt',
    name: 'T-shirt',
    kind: 'pod',
    price: 45,
    currency: 'USD',
    printful: { variantId: 4012, files: [{ url: 'https://example.com/artwork.png' }] },
  },
]

const [ebook] = skus

/** The e-book in currencies of providers that have a page of their own: each is asked for the first that it takes. */
export const ebooks = [
  { ...ebook, id: 'demo-ebook', currency: 'USD' },
  { ...ebook, id: 'demo-ebook-mnt', currency: 'MNT', price: 69_000 },
]

/** Who recommends the demo's goods. */
export const recipients = [
  { id: 'book-blog', name: 'A blog about books' },
  { id: 'grace', name: 'Grace, who told a friend' },
]

export type DemoCase = {
  title: string
  items: { skuId: string; quantity: number }[]
  /** Goods that are shipped need a shipping choice. */
  shipped: boolean
  attribution?: { affiliateId: string; referrerId: string }
}

export const cases: readonly DemoCase[] = [
  { title: 'Digital', items: [{ skuId: 'demo-ebook', quantity: 1 }], shipped: false },
  { title: 'Physical', items: [{ skuId: 'demo-mug', quantity: 2 }], shipped: true },
  { title: 'Print on demand', items: [{ skuId: 'demo-shirt', quantity: 1 }], shipped: true },
  {
    title: 'Mixed, with an affiliate and a referrer',
    items: [
      { skuId: 'demo-ebook', quantity: 1 },
      { skuId: 'demo-mug', quantity: 1 },
      { skuId: 'demo-shirt', quantity: 1 },
    ],
    shipped: true,
    attribution: { affiliateId: 'book-blog', referrerId: 'grace' },
  },
]
