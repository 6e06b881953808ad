// Fields that stand in the page one by one. Card fields are the payment provider's own: card numbers reach neither page nor shop.
import { readMethods, refusal } from './api.js'
import { wordsFor } from './words.js'

const cardFields = { cardnumber: 'cardNumber', cardexpiration: 'cardExpiry', cardcvv: 'cardCvc' }
const classesWhen = ['complete', 'empty', 'focus', 'invalid', 'webkitAutofill']

let opened

/** The provider's script and its fields, once a page. */
export function openCards(shop) {
  opened ??= readMethods(shop).then(async ({ cardForm }) => {
    if (!cardForm)
      throw refusal('card_not_available', 'Cards cannot be entered here: the shop has no key for card fields.')
    if (!window.Stripe) await load(cardForm.script)
    const stripe = window.Stripe(cardForm.key)
    return { stripe, fields: stripe.elements({ locale: shop.locale.slice(0, 2) }) }
  })
  opened.catch(() => {
    opened = undefined
  })
  return opened
}

const load = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.onload = resolve
    script.onerror = () => reject(refusal('card_not_available', 'The card fields could not be loaded.'))
    document.head.append(script)
  })

/** The place for a field or form: an element, or the id of one with or without `#`. */
export function placeOf(place) {
  const found = typeof place === 'string' ? document.getElementById(place.replace(/^#/, '')) : place
  if (!found) throw refusal('invalid_container', `There is no element ${place} on this page.`)
  return found
}

/** @throws Refused for a field that is not offered */
export async function openElement(shop, type, options) {
  const name = type.toLowerCase()
  if (name === 'compliance') return openCompliance(shop, options)
  if (!cardFields[name]) throw refusal('element_not_available', `There is no element ${type} here.`)
  const { fields } = await openCards(shop)
  const field = fields.getElement(cardFields[name]) ?? fields.create(cardFields[name], shapeOf(options))
  return { ...told(field, name), mount: (place) => field.mount(placeOf(place)) }
}

function shapeOf({ style, classes = {}, placeholderText }) {
  const known = Object.entries(classes).filter(([state]) => state === 'base' || classesWhen.includes(state))
  return {
    ...(style ? { style } : {}),
    ...(known.length > 0 ? { classes: Object.fromEntries(known) } : {}),
    ...(placeholderText ? { placeholder: placeholderText } : {}),
  }
}

/** The field's methods, and its events as callers know them. */
function told(field, elementType) {
  const method =
    (name) =>
    (...given) =>
      field[name](...given)
  return {
    ...Object.fromEntries(['unmount', 'destroy', 'focus', 'blur', 'clear'].map((name) => [name, method(name)])),
    update: (options) => field.update(shapeOf(options)),
    on: (event, listener) =>
      field.on(event, ({ empty = true, complete = false, error, brand } = {}) =>
        listener({
          elementType,
          empty,
          complete,
          ...(brand ? { brand } : {}),
          error: error ? { type: 'validation_error', errors: [{ code: error.code, message: error.message }] } : null,
        }),
      ),
  }
}

/** What a buyer must be able to read; the links come from the entity that sells, as a checkout names it. */
function openCompliance({ locale }, { compliance = {}, classes = {} }) {
  const list = document.createElement('p')
  list.className = classes.base ?? 'DR-compliance'
  const { disclosures = [], name } = compliance.sellingEntity ?? {}
  const links = disclosures.filter(({ url }) => /^https?:/.test(url ?? ''))
  list.append(name ? `${wordsFor(locale).soldBy} ${name}` : '')
  for (const { url, localizedText } of links) {
    const link = document.createElement('a')
    Object.assign(link, { href: url, target: '_blank', rel: 'noopener', textContent: localizedText })
    list.append(' · ', link)
  }
  const nothing = () => undefined
  return {
    mount: (place) => placeOf(place).replaceChildren(list),
    unmount: () => list.remove(),
    destroy: () => list.remove(),
    focus: nothing,
    blur: nothing,
    clear: nothing,
    update: nothing,
    on: nothing,
  }
}
