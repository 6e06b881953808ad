import { html, raw } from 'hono/html'
import { type Answer, page } from './http.ts'

const style = raw(`
  :root { color-scheme: light dark; --ink: #1a1f2b; --paper: #f6f7f9; --card: #fff; --line: #d7dbe2; --soft: #5b6472; --accent: #3a4cd6; }
  @media (prefers-color-scheme: dark) { :root { --ink: #eceff4; --paper: #12151c; --card: #1b202a; --line: #323a48; --soft: #a3adbd; --accent: #8c9bff; } }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
  h1 { margin: 0; font-size: 2rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
  p { margin: .5rem 0 0; } .soft { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
  [role=alert] { padding: .6rem .8rem; border: 1px solid currentColor; border-radius: .5rem; color: #b3261e; }
  @media (prefers-color-scheme: dark) { [role=alert] { color: #ffb4ab; } }
  form { display: grid; gap: .75rem; margin-top: 1.5rem; }
  button { min-height: 3rem; border: 1px solid var(--line); border-radius: .5rem; background: none; color: inherit; font: inherit; cursor: pointer; }
  button.main { border-color: var(--accent); background: var(--accent); color: var(--card); font-weight: 600; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`)

/** What a buyer sees of a payment, and what may be done about it; the first button is the one that stands out. */
export type View = {
  title: string
  amount: string
  status: string
  note: string
  alert?: string | undefined
  buttons: [string, string][]
  hidden: [string, string][]
}

/** The page of a view. */
export async function render(view: View): Promise<Answer> {
  const fields = view.hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  const buttons = view.buttons.map(
    ([action, label], at) =>
      html`<button name="action" value="${action}" class="${at === 0 ? 'main' : ''}">${label}</button>`,
  )
  const document = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${view.title}</title><style>${style}</style></head>
<body><main>
<p class="soft">${view.title} — sandbox, no real money moves</p>
<h1>${view.amount}</h1>
<p>${view.status}</p>
${view.alert ? html`<p role="alert">${view.alert}</p>` : ''}
${view.buttons.length > 0 ? html`<form method="post">${fields}${buttons}</form>` : ''}
<p class="soft">${view.note}</p>
</main></body></html>`
  return page(String(document))
}

/** An amount as a person writes it. */
export function money(amount: number, currency: string, decimals: number): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 10 ** decimals)
}

/** The page of a payment that there is not. */
export function notFound(): Promise<Answer> {
  const note = 'The address is incomplete or the payment does not exist.'
  return render({
    title: 'Payment',
    amount: '–',
    status: 'There is nothing to pay here.',
    note,
    buttons: [],
    hidden: [],
  }).then((answer) => ({ ...answer, status: 404 }))
}
