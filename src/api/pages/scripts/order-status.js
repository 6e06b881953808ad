// Asks how the order is doing, less and less often, and swaps the page's content when it has changed.
// Without this file the page reloads itself while there is something to wait for.

const region = document.getElementById('order')
const firstWaitMs = 1000
const longestWaitMs = 15_000
let waitMs = firstWaitMs

const shown = () => region.firstElementChild?.dataset ?? {}

async function hasChanged() {
  const answer = await fetch(region.dataset.poll, { cache: 'no-store' })
  if (!answer.ok) return false
  const { data } = await answer.json()
  return data.status !== shown().status || String(data.delivery_content !== null) !== shown().content
}

async function look() {
  if (region.dataset.poll && !(await hasChanged())) return
  const page = await fetch(location.href, { cache: 'no-store' })
  if (!page.ok) return
  const next = new DOMParser().parseFromString(await page.text(), 'text/html').getElementById('order')
  if (!next || next.innerHTML === region.innerHTML) return
  region.replaceChildren(...next.children)
  waitMs = firstWaitMs
  dispatchEvent(new Event('ordermill:swapped'))
}

async function poll() {
  if (!document.hidden) {
    try {
      await look()
    } catch {
      // Offline for a moment: the next look comes later.
    }
  }
  if (shown().wait !== 'true') return
  setTimeout(poll, waitMs)
  waitMs = Math.min(waitMs * 1.3, longestWaitMs)
}

if (region && shown().wait === 'true') setTimeout(poll, waitMs)
