// Shows what is found while somebody types. Without it the search is a page of its own.

const field = document.getElementById('q')
const found = document.getElementById('found')
const pauseMs = 150
let waiting
let asked

async function look() {
  asked?.abort()
  asked = new AbortController()
  const words = field.value.trim()
  if (!words) return found.replaceChildren()
  try {
    const answer = await fetch(`/docs/search?q=${encodeURIComponent(words)}`, { signal: asked.signal })
    if (!answer.ok) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    found.replaceChildren(...page.getElementById('found').childNodes)
  } catch (error) {
    if (error.name !== 'AbortError') throw error
  }
}

field.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(look, pauseMs)
})
