// Shows Stripe's Payment Element. Card numbers go to Stripe only; our server never sees them.

const form = document.getElementById('payment')
const problem = document.getElementById('problem')
const button = form.querySelector('button')

const say = (message) => {
  problem.textContent = message
  problem.hidden = false
}

async function start() {
  const answer = await fetch(form.dataset.start, { method: 'POST', headers: { accept: 'application/json' } })
  const body = await answer.json()
  if (!answer.ok) return say(body.message)
  const stripe = window.Stripe(form.dataset.key)
  const elements = stripe.elements({ clientSecret: body.clientSecret })
  elements.create('payment').mount('#payment-element')
  button.disabled = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    problem.hidden = true
    const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: form.dataset.back } })
    if (error) say(error.message)
    button.disabled = false
  })
}

start().catch(() => say('The payment form could not be loaded. Reload this page to try again.'))
