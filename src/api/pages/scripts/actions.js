// Copy buttons, upload progress, and moments on the reader's own clock. Without this file all of it still works: the text can be selected,
// the form posts, moments are in UTC.

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button[data-copy]')
  if (!button) return
  const source = document.getElementById(button.dataset.copy)
  if (!source) return
  const label = button.textContent
  try {
    await navigator.clipboard.writeText('value' in source ? source.value : source.textContent)
    button.textContent = 'Copied'
  } catch {
    getSelection()?.selectAllChildren(source)
    button.textContent = 'Press Ctrl+C'
  }
  setTimeout(() => {
    button.textContent = label
  }, 2000)
})

/** Moments are written in UTC; who has a script reads them on the own clock. */
const showLocalTimes = () => {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  for (const element of document.querySelectorAll('time[datetime]:not([title])')) {
    element.title = element.textContent
    element.textContent = format.format(new Date(element.dateTime))
  }
}
showLocalTimes()
addEventListener('ordermill:swapped', showLocalTimes)

/** Copy buttons are useless without a script, so they come without being seen. */
const showCopyButtons = () => {
  for (const button of document.querySelectorAll('button[data-copy][hidden]')) button.hidden = false
}
showCopyButtons()
addEventListener('ordermill:swapped', showCopyButtons)

for (const form of document.querySelectorAll('form[data-upload]')) {
  form.addEventListener('submit', (event) => {
    const file = form.elements.file.files?.[0]
    if (!file) return
    event.preventDefault()
    const progress = form.querySelector('progress')
    const status = form.querySelector('[role=status]')
    const button = form.querySelector('button')
    const fail = (message) => {
      progress.hidden = true
      button.disabled = false
      status.textContent = message
    }
    const request = new XMLHttpRequest()
    request.open('POST', form.dataset.upload)
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      progress.value = total ? loaded / total : 0
      const percent = Math.floor((loaded / total) * 100)
      if (percent % 10 === 0) status.textContent = percent < 100 ? `${percent} % uploaded` : 'Checking the file…'
    })
    request.addEventListener('load', () => {
      if (request.status === 201) location.assign(form.dataset.done)
      else fail(request.response?.error?.message ?? 'The upload did not work. Try again.')
    })
    request.addEventListener('error', () => fail('The connection was lost. Try again.'))
    progress.hidden = false
    button.disabled = true
    status.textContent = 'Uploading…'
    const body = new FormData()
    body.append('file', file)
    request.send(body)
  })
}
