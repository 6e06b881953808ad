import { describe, expect, it } from 'vitest'
import { markdownHtml, plainText } from './markdown.ts'

const html = (text: string) => String(markdownHtml(text))

// Removes the risk that a description runs something in the page on which its reader pays.
describe('a description', () => {
  it('is written as people write: paragraphs, lists, emphasis, links', () => {
    expect(html('Two\nlines\n\n- **one**\n- _two_')).toBe(
      '<p>Two<br>\nlines</p>\n<ul>\n<li><strong>one</strong></li>\n<li><em>two</em></li>\n</ul>\n',
    )
    const link = '<a href="https://mill.example/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">'
    expect(html('[here](https://mill.example/a?b=1&c=2)')).toBe(`<p>${link}here</a></p>\n`)
    expect(html('See https://mill.example/a?b=1&c=2')).toContain(link)
    expect(html('[write](mailto:a@mill.example)')).toContain('href="mailto:a@mill.example"')
  })

  it('has its titles below that of the page, none of them left out', () => {
    expect(html('# One\n### Three\n# One')).toBe('<h2>One</h2>\n<h3>Three</h3>\n<h2>One</h2>\n')
    expect(html('###### Six')).toBe('<h2>Six</h2>\n')
  })

  it('links to the web and to mail and to nothing else', () => {
    const refused = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java&#10;script:alert(1)',
      '&#106;avascript:alert(1)',
      'vbscript:x',
      'data:text/html,<script>alert(1)</script>',
      'data:image/png;base64,AAAA',
      'file:///etc/passwd',
      '//elsewhere.example',
      '/dashboard/logout',
      'ftp://elsewhere.example',
    ]
    for (const address of refused)
      for (const text of [`[x](${address})`, `[x](<${address}>)`, `<${address.trim()}>`, `[x]\n\n[x]: ${address}`])
        expect(html(text), text).not.toMatch(/<a|href=/)
  })

  it('shows HTML as the text that it is', () => {
    const hostile = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
      '<svg/onload=alert(1)>',
      '<!-- --><iframe srcdoc="<script>alert(1)</script>">',
      '</main><style>*{display:none}</style>',
      '**<b onmouseover=alert(1)>**',
      '`<script>alert(1)</script>`',
      '[<img src=x onerror=alert(1)>](https://mill.example)',
      '```<script>\n<script>alert(1)</script>\n```',
    ]
    const ours =
      /<\/?(?:p|br|em|strong|code|pre|a(?: href="https:\/\/mill\.example\/?" rel="[a-z ]+")?)(?: class="language-[^"<>]*")?>/g
    for (const text of hostile) expect(html(text).replaceAll(ours, ''), text).not.toMatch(/[<>]/)
  })

  it('cannot get an attribute of its own into a link', () => {
    const text = '[x](https://mill.example/"onmouseover="alert(1) "a\\" onclick=\\"alert(1)")'
    const [link = ''] = /<a[^>]*>/.exec(html(`${text} [y](https://mill.example/?"onclick=1)`)) ?? []
    expect(link.replaceAll(/"[^"]*"/g, '')).toMatch(/^<a href= rel=>$|^<a href= title= rel=>$/)
  })

  it('loads no picture: its words stand there instead', () => {
    expect(html('A ![spy <b>](https://elsewhere.example/pixel.png) here')).toBe('<p>A spy &lt;b&gt; here</p>\n')
  })

  it('of five thousand signs is drawn in a moment, however they are nested', () => {
    const long = (part: string) => part.repeat(Math.ceil(5000 / part.length)).slice(0, 5000)
    const parts = [
      '>',
      '> ',
      '- ',
      '1. ',
      '[',
      '![',
      '*a ',
      '**a _b ',
      '[a](',
      '`',
      '<',
      '&',
      '|a',
      '~~',
      '![a](b',
      'a@',
      '\\',
      '(',
      'https://',
    ]
    for (const part of parts) {
      const before = performance.now()
      const drawn = html(long(part))
      expect([part, performance.now() - before < 1000]).toEqual([part, true])
      expect(drawn.match(/<(?:blockquote|ul|ol)>/g)?.length ?? 0).toBeLessThanOrEqual(20)
    }
  })

  it('is plain words where no HTML may stand', () => {
    const text = '# Guide\n\nAll **about** [mushrooms](https://mill.example) & `code`\n\n- one\n- two <b>'
    expect(plainText(text, 100)).toBe('Guide All about mushrooms & code one two <b>')
    expect(plainText(text, 20)).toBe('Guide All about…')
    expect(plainText('x'.repeat(300), 200)).toBe(`${'x'.repeat(199)}…`)
    expect(plainText('', 20)).toBe('')
  })
})
