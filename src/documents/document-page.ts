import PDFDocument from 'pdfkit'
import type { DocumentFonts, Face } from './document-fonts.ts'
import { toRuns, wrapText } from './text-runs.ts'

export type TextStyle = { size?: number; bold?: boolean; color?: string }
/** `x` from the side on which reading starts, in points. */
export type Place = { x: number; y: number; width: number; align?: 'start' | 'end' }

const paper = { width: 595.28, height: 841.89, margin: 48 }
/** What there is to write on, in points. */
export const area = { width: paper.width - 2 * paper.margin, bottom: paper.height - paper.margin - 24 }
const leading = 1.4
const normalSize = 9

export type DocumentPages = ReturnType<typeof createPages>

type About = { title: string; author: string; createdAt: Date; language: string; direction: 'ltr' | 'rtl' }

/**
 * A document's pages (A4), written from the side on which its language starts. The same calls give the same bytes: the only time in it
 * is `createdAt`, and ids follow from it.
 */
export function createPages(fonts: DocumentFonts, about: About) {
  const pdf = openPdf(about)
  const { widthOf, writeLine, toLeft } = createLineWriter(pdf, fonts, about.direction)
  return {
    /** How high a text will be, in points. */
    heightOf(text: string, width: number, style: TextStyle = {}): number {
      const lines = wrapText(text, width, (line) => widthOf(line, style))
      return lines.length * (style.size ?? normalSize) * leading
    },

    /** Writes a text, in lines as they fit, and returns where the next one begins. */
    write(text: string, place: Place, style: TextStyle = {}): number {
      let { y } = place
      for (const line of wrapText(text, place.width, (part) => widthOf(part, style))) {
        writeLine(line, { ...place, y }, style)
        y += (style.size ?? normalSize) * leading
      }
      return y
    },

    rule(y: number, from = 0, width = area.width): void {
      const left = toLeft({ x: from, y, width })
      pdf
        .moveTo(left, y)
        .lineTo(left + width, y)
        .lineWidth(0.6)
        .strokeColor('#999999')
        .stroke()
    },

    /** Starts another page and returns where it begins. */
    addPage(): number {
      pdf.addPage()
      return paper.margin
    },

    top: paper.margin,

    /** Writes under every page and returns the document. */
    async finish(footer: (page: number, pages: number) => { start: string; end: string }): Promise<Uint8Array> {
      const { start, count } = pdf.bufferedPageRange()
      for (let page = start; page < start + count; page += 1) {
        pdf.switchToPage(page)
        const { start: left, end: right } = footer(page - start + 1, count)
        const style = { size: 7.5, color: '#555555' }
        const y = area.bottom + 12
        writeLine(left, { x: 0, y, width: area.width / 2 }, style)
        writeLine(right, { x: area.width / 2, y, width: area.width / 2, align: 'end' }, style)
      }
      pdf.end()
      const chunks: Uint8Array[] = []
      for await (const chunk of pdf) chunks.push(chunk as Uint8Array)
      return Buffer.concat(chunks)
    },
  }
}

const openPdf = ({ title, author, createdAt, language }: About): PDFKit.PDFDocument =>
  new PDFDocument({
    size: [paper.width, paper.height],
    margin: 0,
    bufferPages: true,
    // Without one of its own fonts, which know Latin letters only.
    font: null as unknown as string,
    lang: language,
    displayTitle: true,
    info: {
      Title: title,
      Author: author,
      Creator: 'Ordermill',
      Producer: 'Ordermill',
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  })

/** Sets single lines, each stretch of one in the face that has its characters. */
function createLineWriter(pdf: PDFKit.PDFDocument, fonts: DocumentFonts, direction: About['direction']) {
  const names = new Map<Face, string>()

  const use = (face: Face, size: number) => {
    const known = names.get(face)
    const name = known ?? `face-${names.size + 1}`
    if (known === undefined) {
      names.set(face, name)
      // It takes an opened font too, which its types do not say.
      pdf.registerFont(name, face.font as unknown as Buffer)
    }
    pdf.font(name, size)
  }
  const runsOf = (line: string, { bold }: TextStyle) => toRuns(line, direction, bold ? 'bold' : 'regular', fonts)
  const widthOf = (line: string, style: TextStyle): number =>
    runsOf(line, style).reduce((total, { face, text }) => {
      use(face, style.size ?? normalSize)
      return total + pdf.widthOfString(text, { features: [] })
    }, 0)
  const toLeft = ({ x, width }: Place) => paper.margin + (direction === 'rtl' ? area.width - x - width : x)

  function writeLine(line: string, place: Place, style: TextStyle): void {
    const size = style.size ?? normalSize
    const onTheRight = (direction === 'rtl') !== (place.align === 'end')
    let x = toLeft(place) + (onTheRight ? place.width - widthOf(line, style) : 0)
    for (const { face, text } of runsOf(line, style)) {
      use(face, size)
      pdf.fillColor(style.color ?? '#111111')
      pdf.text(text, x, place.y + size, { lineBreak: false, baseline: 'alphabetic', features: [] })
      x += pdf.widthOfString(text, { features: [] })
    }
  }

  return { widthOf, writeLine, toLeft }
}
