/** What text stands on, by theme: the paper and the cards on it. The stylesheet is made of these, and an accent is measured against them. */
export const grounds = {
  light: { paper: '#ffffff', card: '#f6f8fa' },
  dark: { paper: '#12161c', card: '#1a2029' },
} as const
export type Theme = keyof typeof grounds

/** WCAG 2.2 asks for this much between a text and what it stands on. */
export const readable = 4.5

type Rgb = [red: number, green: number, blue: number]

const toRgb = (colour: string): Rgb => {
  const bits = Number.parseInt(colour.slice(1), 16)
  return [bits >> 16, (bits >> 8) & 255, bits & 255]
}
const toHex = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

/** How bright a colour is, from 0 to 1, as WCAG measures it. */
function luminance(colour: string): number {
  const [red, green, blue] = toRgb(colour).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast of two colours `#rrggbb`, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker, brighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number]
  return (brighter + 0.05) / (darker + 0.05)
}

/** Black or white, whichever is read better on a colour. One of them always has 4.58 to 1 or more. */
export const textOn = (colour: string): string =>
  contrast('#000000', colour) >= contrast('#ffffff', colour) ? '#000000' : '#ffffff'

const steps = 40

/** A colour for links and lines: the given one, made darker or brighter by as little as it takes to be read on the paper of a theme. */
export function textOf(colour: string, theme: Theme): string {
  const { paper, card } = grounds[theme]
  const end: Rgb = theme === 'light' ? [0, 0, 0] : [255, 255, 255]
  const start = toRgb(colour)
  for (let step = 0; step < steps; step += 1) {
    const mixed = toHex(start.map((part, at) => part + (((end[at] ?? 0) - part) * step) / steps) as Rgb)
    if (Math.min(contrast(mixed, paper), contrast(mixed, card)) >= readable) return mixed
  }
  return toHex(end)
}

const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/.test(text)

/** The rules that give a page, or a part of it, a seller's colour in both themes. Nothing but a colour gets into the stylesheet. */
export function accentStyle(accent: string | null, selector = ':root'): string {
  if (accent === null || !isColour(accent)) return ''
  const filled = `--fill: ${accent}; --on-fill: ${textOn(accent)}`
  return `${selector} { --accent: ${textOf(accent, 'light')}; ${filled} }
@media (prefers-color-scheme: dark) { ${selector} { --accent: ${textOf(accent, 'dark')} } }`
}
