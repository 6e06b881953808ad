// Makes sources of what the buyer entered.
import { call, refusal } from './api.js'
import { openCards } from './elements.js'

/** `{source, readyForStorage}`. A card that shall be used again is set up with its bank first. @throws Refused */
export async function createSource(shop, { type, owner, billingAddress, currency, futureUse = false } = {}) {
  if (!type) throw refusal('missing_parameter', 'A source needs its type.')
  const whose = owner ?? billingAddress
  const input = { type, ...(whose ? { owner: whose } : {}), ...(currency ? { currency } : {}) }
  if (type !== 'creditCard') return { source: await call(shop, 'POST', '/sources', input), readyForStorage: false }
  const { stripe, fields } = await openCards(shop)
  const card = fields.getElement('cardNumber')
  if (!card) throw refusal('missing_element', 'There is no card number field on this page.')
  const details = billingDetails(whose)
  if (futureUse) return await keepCard(shop, input, stripe, { card, ...details })
  const { paymentMethod, error } = await stripe.createPaymentMethod({ type: 'card', card, ...details })
  if (error) throw declined(error)
  return {
    source: await call(shop, 'POST', '/sources', { ...input, paymentMethod: paymentMethod.id }),
    readyForStorage: false,
  }
}

async function keepCard(shop, input, stripe, method) {
  const source = await call(shop, 'POST', '/sources', input)
  const { error } = await stripe.confirmCardSetup(source.clientSecret, { payment_method: method })
  if (error) throw declined(error)
  return { ...(await readSource(shop, source.id)), readyForStorage: true }
}

/** `{source}` as it is now. @throws Refused */
export const readSource = async (shop, id) => ({
  source: await call(shop, 'GET', `/sources/${encodeURIComponent(id)}`),
})

const declined = ({ code, decline_code: declineCode, message }) =>
  refusal(declineCode ?? code ?? 'card_declined', message)

/** Only what is known: the provider refuses empty fields. */
function billingDetails({ firstName, lastName, email, phoneNumber, address = {} } = {}) {
  const known = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value))
  const { line1, line2, city, state, country, postalCode } = address
  return {
    billing_details: {
      ...known({ name: [firstName, lastName].filter(Boolean).join(' '), email, phone: phoneNumber }),
      address: known({ line1, line2, city, state, country, postal_code: postalCode }),
    },
  }
}
