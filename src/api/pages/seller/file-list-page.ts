import { html } from 'hono/html'
import type { ListedFile } from '../../../files/list-files.ts'
import { pager, time } from '../elements.ts'
import type { Page } from '../page.ts'
import { forRight, type Member } from './frame.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A size as a person reads it: 1,200,000 is "1.2 MB". */
export function formatSize(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value)
}

/** A seller's uploads; without JavaScript the form posts and comes back here. */
export const fileListPage = (page: {
  member: Member
  files: readonly ListedFile[]
  older: string | undefined
  after: string | undefined
  maxBytes: number
}): Page => ({
  title: 'Files',
  body: html`<h1>Files</h1>
${forRight(
  page.member,
  'files',
  () => html`<form method="post" action="/dashboard/files" enctype="multipart/form-data" class="panel" data-upload="/v2/digital/upload" data-done="/dashboard/files?done=uploaded">
<label for="file">Upload a file to sell</label>
<input id="file" name="file" type="file" required aria-describedby="file-hint">
<p class="hint" id="file-hint">Up to ${formatSize(page.maxBytes, page.member.locale)}. Web pages and programs have to be packed into a ZIP archive.</p>
<progress max="1" value="0" aria-label="Upload" hidden></progress>
<p role="status"></p>
<button class="main">Upload</button>
</form>`,
)}
${
  page.files.length === 0
    ? html`<p class="soft">Nothing yet.</p>`
    : html`<ul class="rows">${page.files.map(
        (file) => html`<li><div><a href="/v2/digital/files/${file.id}">${file.filename}</a>
<p class="soft small">${formatSize(file.size, page.member.locale)} · ${file.contentType} · ${time(file.createdAt, page.member.locale)}</p></div>
<div class="side">${forRight(page.member, 'products', () => html`<a class="button" href="/dashboard/products/new?file=${file.id}" aria-label="Use in a product: ${file.filename}">Use in a product</a>`)}</div></li>`,
      )}</ul>`
}
${pager('/dashboard/files', { after: page.after }, page.older)}`,
})
