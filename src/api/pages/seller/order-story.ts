import { html } from 'hono/html'
import type { ListedUser } from '../../../operators/users.ts'
import type { OrderView } from '../../../order-view/read-order.ts'
import type { TimelineView } from '../../../orders/read-timeline.ts'
import { time } from '../elements.ts'
import type { Html } from '../page.ts'

type Person = Pick<ListedUser, 'id' | 'email'>
type Story = {
  lines: readonly TimelineView[]
  items: OrderView['items']
  people: readonly Person[]
  locale: string
}

/** What happened to an order as its seller says it, and below, folded, everything that was recorded. */
export const orderStory = ({ lines, items, people, locale }: Story): Html => {
  const told = lines.flatMap((line) => {
    const sentence = sentenceOf(line, items) ?? actOf(line, people)
    return sentence ? [{ sentence, at: line.at }] : []
  })
  return html`<ol class="rows" id="story">${told.map(
    ({ sentence, at }) => html`<li><p>${sentence}</p><span class="soft small">${time(at, locale)}</span></li>`,
  )}</ol>
<details><summary>Everything that was recorded (${lines.length})</summary>
<ol class="rows">${lines.map(
    (
      line,
    ) => html`<li><p>${line.subject}${line.from || line.to ? html`: ${line.from ? `${line.from} → ` : ''}<strong>${line.to ?? ''}</strong>` : ''} <span class="soft">${line.cause}</span></p>
<span class="soft small">${time(line.at, locale)}</span></li>`,
  )}</ol></details>`
}

const ofOrder: Record<string, string> = {
  pending_payment: 'The buyer pays on the provider’s page.',
  payment_failed: 'The payment failed. The buyer can try again.',
  in_review: 'The payment is under review.',
  accepted: 'Accepted: the payment is there, or held.',
  confirmed: 'Confirmed: the goods are under way and the money is shared.',
  fulfilled: 'Everything is handed over.',
  complete: 'Complete.',
  returned: 'Everything was given back.',
  blocked: 'Blocked.',
  cancelled: 'Cancelled.',
}
const ofCharge: Record<string, string> = {
  capturable: 'The buyer’s money is held.',
  processing: 'The payment is on its way.',
  complete: 'Paid.',
  failed: 'A payment failed.',
  cancelled: 'The hold on the buyer’s money was released.',
}
const ofShipment: Record<string, string> = {
  created: 'To be sent again',
  purchased: 'Label bought, or print job placed',
  in_transit: 'On its way',
  delivered: 'Delivered',
  failed: 'Did not arrive, or could not be made',
  cancelled: 'Called off',
}
const ofRefund: Record<string, string> = {
  pending: 'A refund was asked for.',
  pending_information: 'A refund waits for the buyer.',
  succeeded: 'A refund was given back.',
  failed: 'A refund failed.',
}
const ofItem: Record<string, string> = { fulfilled: 'Handed over', cancelled: 'Cancelled', returned: 'Returned' }

/** What somebody has done by hand, with who it was; whoever has left the shop since is not known any more. */
function actOf({ kind, cause }: Pick<TimelineView, 'kind' | 'cause'>, people: readonly Person[]): string | undefined {
  const [, act, id] = /^(.+) by (usr_\w+|api)$/.exec(cause) ?? []
  if (kind !== 'note' || !act) return
  const who = id === 'api' ? 'the API' : (people.find((person) => person.id === id)?.email ?? 'somebody who has left')
  return `${act.charAt(0).toUpperCase()}${act.slice(1)}, by ${who}.`
}

/** A recorded line as a seller says it; undefined for what only whoever runs the shop needs. */
export function sentenceOf(
  line: Pick<TimelineView, 'kind' | 'subject' | 'subjectId' | 'to' | 'cause'>,
  items: readonly Pick<OrderView['items'][number], 'id' | 'product'>[],
): string | undefined {
  const { kind, subject, subjectId, to, cause } = line
  if (kind === 'note' && cause.startsWith('mail ')) return mailed(cause.slice('mail '.length), to)
  if (kind === 'note' && subject === 'shipment' && cause === 'not called off')
    return 'Parcel: it was too late to call it off.'
  if (kind !== 'transition' || to === null) return
  switch (subject) {
    case 'order':
      return ofOrder[to]
    case 'charge':
      return ofCharge[to]
    case 'refund':
      return ofRefund[to]
    case 'shipment':
      return ofShipment[to] && `Parcel: ${ofShipment[to]?.toLowerCase()}.`
    case 'item': {
      const name = items.find(({ id }) => id === subjectId)?.product.name
      return ofItem[to] && `${ofItem[to]}: ${String(name ?? 'an item')}.`
    }
    default:
      return
  }
}

function mailed(kind: string, to: string | null): string {
  const what = kind.replaceAll('_', ' ')
  switch (to) {
    case 'sent':
      return `The buyer was mailed: ${what}.`
    case 'withheld':
      return `A mail was withheld, because too many went to this address: ${what}.`
    default:
      return `A mail was written and kept, because no mail server is set: ${what}.`
  }
}
