// Shows what another quantity costs as soon as it is chosen. All amounts come from the server: this sends the form as its button does, and puts
// the answer's lines in place of those that are shown. Without this file the button does it.

const form = document.getElementById('checkout')
const button = form.querySelector('button[data-reprice]')
let asked

async function reprice() {
  asked?.abort()
  asked = new AbortController()
  const { signal } = asked
  const body = new URLSearchParams(new FormData(form))
  body.set('apply', 'yes')
  const answer = await fetch(form.action, { method: 'POST', body, signal, headers: { accept: 'text/html' } })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (!page.getElementById('lines')) throw new Error('no price')
  for (const shown of document.querySelectorAll('[data-live]')) {
    const next = page.getElementById(shown.id)
    if (next) shown.replaceChildren(...next.childNodes)
  }
  const field = document.getElementById('quantity').parentElement
  field.replaceWith(page.getElementById('quantity').parentElement)
}

form.addEventListener('change', async ({ target }) => {
  if (target.name !== 'quantity') return
  const hadFocus = document.activeElement === target
  try {
    await reprice()
    if (hadFocus) document.getElementById('quantity').focus()
    button.hidden = true
  } catch (error) {
    // The button asks again, and shows whatever is wrong.
    if (error.name !== 'AbortError') button.hidden = false
  }
})
