// Plays Stripe's script for browsers, as far as card fields need it. Stripe's own fields stand in frames, so that a page never
// sees a number; these are plain inputs in the page, because only test cards are entered here.
;(() => {
  const home = new URL(document.currentScript.src).origin
  const placeholders = { cardNumber: '4242 4242 4242 4242', cardExpiry: 'MM / YY', cardCvc: 'CVC' }
  const labels = { cardNumber: 'Card number', cardExpiry: 'Expiry date', cardCvc: 'Security code' }
  const forms = {
    cardNumber: /^(\d ?){14,19}$/,
    cardExpiry: /^(0[1-9]|1[0-2]) ?\/ ?\d\d$/,
    cardCvc: /^\d{3,4}$/,
  }
  const codes = { cardNumber: 'invalid_number', cardExpiry: 'invalid_expiry_year', cardCvc: 'invalid_cvc' }

  class Field {
    #listeners = []
    #classes

    constructor(type, { placeholder, classes = {}, style }) {
      this.type = type
      this.#classes = classes
      this.input = document.createElement('input')
      Object.assign(this.input, {
        placeholder: placeholder ?? placeholders[type],
        inputMode: 'numeric',
        autocomplete: 'off',
      })
      this.input.setAttribute('aria-label', labels[type])
      Object.assign(this.input.style, {
        width: '100%',
        border: 0,
        background: 'none',
        color: style?.base?.color ?? 'inherit',
        font: 'inherit',
      })
      this.input.addEventListener('input', () => this.#tell('change'))
      for (const name of ['focus', 'blur']) this.input.addEventListener(name, () => this.#tell(name))
    }

    get complete() {
      return forms[this.type].test(this.input.value.trim())
    }
    #tell(name) {
      const { complete } = this
      const empty = this.input.value === ''
      const wrong = !complete && !empty && name !== 'focus'
      const error = wrong
        ? { code: codes[this.type], message: `Your ${labels[this.type].toLowerCase()} is incomplete.` }
        : undefined
      const {
        base = 'StripeElement',
        complete: done = 'StripeElement--complete',
        empty: bare = 'StripeElement--empty',
      } = this.#classes
      if (this.place) {
        this.place.classList.add(...base.split(' '))
        this.place.classList.toggle(done, complete)
        this.place.classList.toggle(bare, empty)
      }
      for (const [event, listener] of this.#listeners)
        if (event === name) listener({ elementType: this.type, complete, empty, error })
    }
    mount(place) {
      this.place = typeof place === 'string' ? document.querySelector(place) : place
      this.place.replaceChildren(this.input)
      queueMicrotask(() => this.#tell('ready'))
    }
    on(event, listener) {
      this.#listeners.push([event, listener])
      return this
    }
    unmount() {
      this.input.remove()
    }
    destroy() {
      this.unmount()
      this.gone = true
    }
    focus() {
      this.input.focus()
    }
    blur() {
      this.input.blur()
    }
    clear() {
      this.input.value = ''
      this.#tell('change')
    }
    update({ placeholder }) {
      if (placeholder) this.input.placeholder = placeholder
    }
  }

  window.Stripe = (key) => {
    const fields = new Map()
    const field = (type) => {
      const known = fields.get(type)
      return known && !known.gone ? known : null
    }
    const headers = { authorization: `Bearer ${key}` }
    const call = async (path, params) => {
      const answer = await fetch(`${home}/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(params) })
      return await answer.json()
    }
    /** Shows the bank's page over the shop's until the buyer has answered there. */
    const authenticate = async ({
      id,
      client_secret: secret,
      next_action: {
        redirect_to_url: { url },
      },
    }) => {
      const frame = document.createElement('iframe')
      Object.assign(frame, { src: url, title: 'Your bank' })
      Object.assign(frame.style, {
        position: 'fixed',
        inset: '10%',
        width: '80%',
        height: '80%',
        background: '#fff',
        zIndex: 2147483647,
      })
      document.body.append(frame)
      try {
        for (;;) {
          const answer = await fetch(`${home}/v1/setup_intents/${id}?client_secret=${secret}`, { headers })
          const intent = await answer.json()
          if (intent.status !== 'requires_action') return intent
          await new Promise((resolve) => setTimeout(resolve, 300))
        }
      } finally {
        frame.remove()
      }
    }
    const wrong = () => {
      const bad = [...fields.values()].find(({ complete, gone }) => !gone && !complete)
      return (
        bad && {
          type: 'validation_error',
          code: codes[bad.type],
          message: `Your ${labels[bad.type].toLowerCase()} is incomplete.`,
        }
      )
    }
    const cardParams = (prefix, { billing_details: { address = {}, ...rest } = {} }) => {
      const [month, year] = field('cardExpiry').input.value.split('/')
      const card = {
        number: field('cardNumber').input.value,
        exp_month: month.trim(),
        exp_year: `20${year.trim()}`,
        cvc: field('cardCvc').input.value,
      }
      const named = (under, values) => Object.entries(values).map(([name, value]) => [`${under}[${name}]`, value])
      const under = (name) => (prefix ? `${prefix}[${name}]` : name)
      return Object.fromEntries([
        [under('type'), 'card'],
        ...named(under('card'), card),
        ...named(under('billing_details'), rest),
        ...named(`${under('billing_details')}[address]`, address),
      ])
    }

    /** The Payment Element: here the three fields of a card below each other. */
    const paymentElement = () => ({
      on: () => {},
      mount(place) {
        const parts = Object.keys(forms).map((type) => {
          const part = document.createElement('div')
          const made = new Field(type, {})
          fields.set(type, made)
          made.mount(part)
          Object.assign(made.input.style, { border: '1px solid', margin: '0 0 .75rem' })
          return part
        })
        document.querySelector(place).replaceChildren(...parts)
      },
    })

    return {
      elements: () => ({
        update: () => {},
        async submit() {
          const error = wrong()
          return error ? { error } : {}
        },
        create(type, options = {}) {
          if (type === 'payment') return paymentElement()
          if (field(type)) throw new Error(`Can only create one Element of type ${type}.`)
          const made = new Field(type, options)
          fields.set(type, made)
          return made
        },
        getElement: field,
      }),
      async confirmPayment({ clientSecret, confirmParams }) {
        const error = wrong()
        if (error) return { error }
        const back = confirmParams.return_url
        const params = { client_secret: clientSecret, return_url: back, ...cardParams('payment_method_data', {}) }
        const answer = await call(`payment_intents/${clientSecret.split('_secret_')[0]}/confirm`, params)
        if (answer.error) return { error: answer.error }
        location.assign(answer.next_action?.redirect_to_url?.url ?? back)
        return {}
      },
      async createPaymentMethod(method) {
        const error = wrong()
        if (error) return { error }
        const answer = await call('payment_methods', cardParams('', method))
        return answer.error ? { error: answer.error } : { paymentMethod: answer }
      },
      async confirmCardSetup(secret, { payment_method: method }) {
        const error = wrong()
        if (error) return { error }
        const params = { client_secret: secret, ...cardParams('payment_method_data', method) }
        const answer = await call(`setup_intents/${secret.split('_secret_')[0]}/confirm`, params)
        if (answer.error) return { error: answer.error }
        const intent = answer.status === 'requires_action' ? await authenticate(answer) : answer
        return intent.status === 'succeeded' ? { setupIntent: intent } : { error: intent.last_setup_error }
      },
    }
  }
})()
