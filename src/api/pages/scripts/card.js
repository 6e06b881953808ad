// Shows Stripe's Payment Element on the page that a buyer orders on. Card numbers go to Stripe only; our server never sees them. The order is
// made, at the price that is shown, when the buyer presses the button; nothing is charged before. Whatever goes wrong here, and every other way
// to pay, sends the form as it is: the server says what is wrong, or leads to a page of its own to pay on.

;(() => {
  const form = document.getElementById('checkout')
  const card = document.getElementById('card')
  const problem = document.getElementById('card-problem')
  const seen = document.getElementById('seen')
  let stripe
  let elements
  let isBusy = false

  const say = (message) => {
    problem.textContent = message
    problem.hidden = false
  }
  const amount = () => Number(seen.querySelector('input').dataset.charge)

  /** A declined card is told in our words, in the buyer's language; what is missing in a field, in Stripe's. */
  const wordsOf = ({ type, code, decline_code: declineCode, message }) => {
    const known = JSON.parse(card.dataset.declines)
    return known[declineCode] ?? known[code] ?? (type === 'card_error' ? known.general : message)
  }

  /** Stripe's script is large: the page is there before it. */
  const load = () =>
    new Promise((resolve, reject) => {
      const script = document.createElement('script')
      Object.assign(script, { src: card.dataset.script, onload: resolve, onerror: reject })
      document.head.append(script)
    })

  async function show() {
    await load()
    const { key, currency } = card.dataset
    const look = getComputedStyle(document.documentElement)
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches
    const accent = look.getPropertyValue('--fill').trim() || look.getPropertyValue('--accent').trim()
    stripe = window.Stripe(key, { locale: document.documentElement.lang })
    const made = stripe.elements({
      mode: 'payment',
      amount: amount(),
      currency,
      appearance: { theme: isDark ? 'night' : 'stripe', variables: { colorPrimary: accent } },
    })
    made.create('payment').mount('#payment-element')
    elements = made
    // Another quantity, coupon or place has another price.
    new MutationObserver(() => elements.update({ amount: amount() })).observe(seen, { childList: true, subtree: true })
  }

  async function pay() {
    problem.hidden = true
    const { error: incomplete } = await elements.submit()
    if (incomplete) return say(incomplete.message)
    const body = new URLSearchParams(new FormData(form))
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' } })
    if (!answer.ok) return form.submit()
    const { clientSecret, next } = await answer.json()
    if (!clientSecret) return location.assign(next)
    const { error } = await stripe.confirmPayment({ elements, clientSecret, confirmParams: { return_url: next } })
    if (error) say(wordsOf(error))
  }

  form.addEventListener('submit', async (event) => {
    const isOther = new FormData(form).get('method') !== card.dataset.method
    if (!elements || isOther || event.submitter?.name === 'apply') return
    event.preventDefault()
    if (isBusy) return
    isBusy = true
    document.getElementById('pay').disabled = true
    try {
      await pay()
    } catch {
      say(card.dataset.failed)
    } finally {
      isBusy = false
      document.getElementById('pay').disabled = false
    }
  })

  // Who comes back from paying begins anew, and does not send what was sent.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload()
  })

  show().catch(() => {
    card.hidden = true
  })
})()
