import type { MakePlay } from './play.ts'

export const bonumPlay: MakePlay = (system, shop) => {
  const invoice = (reference: string, action: string) =>
    shop.sandbox('POST', `/sandbox/bonum/invoices/${reference}/${action}`)
  return {
    method: 'BONUM',
    provider: 'bonum',
    currency: 'MNT',
    payments: 'invoices',
    operations: { create: 'invoices.create' },
    pay: ({ reference }) => invoice(reference, 'pay'),
    expire: ({ reference }) => invoice(reference, 'expire'),
    statement: async () => (await fetch(`${system.sandbox.url}/sandbox/bonum/statement`)).text(),
  }
}
