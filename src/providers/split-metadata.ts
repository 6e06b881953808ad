import type { PlannedSplit } from './provider.ts'

const maxValueLength = 500
const maxSplitKeys = 40

/** One entry for each recipient and kind, however many sellers' sales it has a share of. */
function merged(splits: readonly Pick<PlannedSplit, 'kind' | 'recipient' | 'amount'>[]) {
  const sums = new Map<string, Pick<PlannedSplit, 'kind' | 'recipient' | 'amount'>>()
  for (const { kind, recipient, amount } of splits) {
    const key = `${kind} ${recipient}`
    sums.set(key, { kind, recipient, amount: amount + (sums.get(key)?.amount ?? 0) })
  }
  return sums.values()
}

/**
 * Metadata that lets a later reconciliation rebuild order and splits from the provider alone.
 * Stripe allows 50 keys with values of 500 characters; splits are packed as `kind|recipient|amount` into `splits_0…`.
 * @throws RangeError when the splits do not fit; carts are limited so that they do.
 */
export function encodeMetadata(
  orderId: string,
  chargeId: string,
  splits: readonly Pick<PlannedSplit, 'kind' | 'recipient' | 'amount'>[],
): Record<string, string> {
  const values: string[] = []
  for (const split of merged(splits)) {
    const entry = `${split.kind}|${encodeURIComponent(split.recipient)}|${split.amount}`
    const last = values.at(-1)
    if (last !== undefined && last.length + 1 + entry.length <= maxValueLength)
      values[values.length - 1] = `${last};${entry}`
    else values.push(entry)
  }
  if (values.length > maxSplitKeys)
    throw new RangeError(`order ${orderId} has too many splits for the provider's metadata`)
  return { orderId, chargeId, ...Object.fromEntries(values.map((value, index) => [`splits_${index}`, value])) }
}

/** The order, charge and splits that {@link encodeMetadata} wrote; undefined for foreign metadata. */
export function decodeMetadata(metadata: Record<string, string>) {
  const { orderId, chargeId } = metadata
  if (!orderId || !chargeId) return undefined
  const splits: Pick<PlannedSplit, 'kind' | 'recipient' | 'amount'>[] = []
  for (let index = 0; metadata[`splits_${index}`] !== undefined; index += 1) {
    for (const entry of (metadata[`splits_${index}`] ?? '').split(';')) {
      const [kind = '', recipient = '', amount = ''] = entry.split('|')
      splits.push({ kind, recipient: decodeURIComponent(recipient), amount: Number(amount) })
    }
  }
  return { orderId, chargeId, splits }
}
