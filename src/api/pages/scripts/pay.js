// Shows Stripe's Payment Element. Card numbers go to Stripe only; our server never sees them.

const form = document.getElementById('payment')
const problem = document.getElementById('problem')
const button = form.querySelector('button')

const say = (message) => {
  problem.textContent = message
  problem.hidden = false
}

/** A declined card is told in our words, in the buyer's language; what is missing in a field, in Stripe's. */
const wordsOf = ({ type, code, decline_code: declineCode, message }) => {
  const known = JSON.parse(form.dataset.declines)
  return known[declineCode] ?? known[code] ?? (type === 'card_error' ? known.general : message)
}

/** The buttons of Apple Pay, Google Pay and the like stand above the form where this browser has one of them. */
function showWallets(elements, pay) {
  const wallets = elements.create('expressCheckout')
  wallets.on('ready', ({ availablePaymentMethods }) => {
    document.getElementById('or').hidden = !availablePaymentMethods
  })
  wallets.on('confirm', pay)
  wallets.mount('#express-element')
}

async function start() {
  const answer = await fetch(form.dataset.start, { method: 'POST', headers: { accept: 'application/json' } })
  const body = await answer.json()
  if (!answer.ok) return say(body.message)
  const stripe = window.Stripe(form.dataset.key)
  const elements = stripe.elements({ clientSecret: body.clientSecret })
  elements.create('payment', { wallets: { applePay: 'auto', googlePay: 'auto' } }).mount('#payment-element')
  button.disabled = false
  const pay = async () => {
    problem.hidden = true
    const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.back } })
    if (error) say(wordsOf(error))
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    await pay()
    button.disabled = false
  })
  showWallets(elements, pay)
}

start().catch(() => say(form.dataset.failed))
