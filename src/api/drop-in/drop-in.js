// The whole form: ways to pay, the card's fields, what the buyer agrees to, and a button.
import { answerOf, readMethods, refusal } from './api.js'
import { openElement, placeOf } from './elements.js'
import { createSource } from './sources.js'
import { wordsFor } from './words.js'

let forms = 0

/** A form that can be mounted, or the reason why there is none. @throws Refused */
export async function openDropIn(shop, configuration) {
  const { types } = await readMethods(shop, configuration.sessionId)
  const { options = {}, paymentMethodConfiguration = {} } = configuration
  const keeping = options.flow === 'managePaymentMethods'
  const wanted = paymentMethodConfiguration.enabledPaymentMethods
  const disabled = paymentMethodConfiguration.disabledPaymentMethods ?? []
  const offered = types.filter(
    ({ type, supportsStorage }) =>
      (!wanted || wanted.includes(type)) && !disabled.includes(type) && (!keeping || supportsStorage),
  )
  if (offered.length === 0) throw refusal('no_payment_methods', 'There is no way to pay this here.')
  const form = buildForm(shop, { ...configuration, options, keeping, offered })
  return {
    async mount(place) {
      try {
        placeOf(place).replaceChildren(form.element)
        await form.ready()
        configuration.onReady?.({ paymentMethodTypes: offered.map(({ type }) => type) })
      } catch (error) {
        configuration.onError?.(answerOf(error))
      }
    },
    destroy: () => form.element.remove(),
  }
}

function buildForm(shop, configuration) {
  const { offered, options, keeping } = configuration
  const words = wordsFor(shop.locale)
  const id = `DR-${++forms}`
  const form = make('form', { className: 'DR-dropin', noValidate: true })
  const problem = make('p', { className: 'DR-problem', hidden: true })
  problem.setAttribute('role', 'alert')
  const card = cardPart(words, id)
  const ways = make('fieldset', { className: 'DR-methods' }, make('legend', { textContent: words.payWith }))
  for (const [position, { type }] of offered.entries()) {
    const choice = make('input', { type: 'radio', name: `${id}-type`, value: type, checked: position === 0 })
    ways.append(make('label', {}, choice, words.types[type] ?? type))
    if (type === 'creditCard') ways.append(card.element)
  }
  const chosen = () => ways.querySelector('input[type=radio]:checked').value
  const save = checkbox(words.save)
  const terms = checkbox(words.terms)
  const button = make('button', { type: 'submit', className: 'DR-button', textContent: buttonText(options, words) })
  const show = () => {
    card.element.hidden = chosen() !== 'creditCard'
    save.element.hidden = chosen() !== 'creditCard' || keeping || !options.showSavePaymentAgreement
  }
  ways.addEventListener('change', show)
  terms.element.hidden = !options.showTermsOfSaleDisclosure
  form.append(ways, save.element, terms.element, problem, button)
  show()

  const say = (message) => {
    problem.textContent = message
    problem.hidden = false
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.hidden = true
    if (!terms.element.hidden && !terms.input.checked) return say(words.agreeFirst)
    button.disabled = true
    try {
      const made = await createSource(shop, {
        type: chosen(),
        owner: configuration.billingAddress,
        futureUse: keeping || (!save.element.hidden && save.input.checked),
      })
      configuration.onSuccess?.(made)
    } catch (error) {
      say(error.message)
      configuration.onError?.(answerOf(error))
    } finally {
      button.disabled = false
    }
  })
  return {
    element: form,
    ready: () => (offered.some(({ type }) => type === 'creditCard') ? card.mount(shop, configuration) : undefined),
  }
}

/** The card's three fields, each with its label. */
function cardPart(words, id) {
  const element = make('div', { className: 'DR-card' })
  const fields = Object.entries(words.card).map(([type, label]) => {
    const place = make('div', { className: 'DR-field', id: `${id}-${type}` })
    const name = make('span', { className: 'DR-label', textContent: label })
    element.append(make('div', { className: `DR-row DR-${type}` }, name, place))
    return { type, place }
  })
  return {
    element,
    mount: (shop, { paymentMethodConfiguration: { style, classes } = {} }) =>
      Promise.all(
        fields.map(async ({ type, place }) => {
          const field = await openElement(shop, type, { style, classes })
          field.mount(place)
        }),
      ),
  }
}

function buttonText({ button = {} }, words) {
  if (button.type === 'custom' && button.buttonText) return button.buttonText
  return words.buttons[button.type] ?? words.buttons.continue
}

function checkbox(text) {
  const input = make('input', { type: 'checkbox' })
  return { input, element: make('label', { className: 'DR-check' }, input, text) }
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}
