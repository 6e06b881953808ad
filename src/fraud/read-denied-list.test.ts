import { describe, expect, it } from 'vitest'
import { countryOf } from './country-of.ts'
import { readDeniedList } from './read-denied-list.ts'

const sdn = [
  '7,"DOE, ""Johnny"" Q","individual","CUBA] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 01 Jan 1960; POB Havana, Cuba."',
  '36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ',
  '\u001a',
].join('\r\n')
const alt = '7,12,"aka","DOE, Jean",-0- \r\n7,13,"fka","DOE, Ivan",-0- \r\n36,14,"aka",-0- ,-0- \r\n'
const add =
  '7,25,"Calle 23","Havana","Cuba",-0- \r\n36,26,-0- ,-0- ,-0- ,-0- \r\n36,27,-0- ,"Pyongyang","Korea, North",-0- \r\n'

// Removes the risk that half of a list is loaded, or the right list with the wrong columns.
describe('a list of denied persons', () => {
  it('R134 is read from the three files of its publisher', () => {
    expect(readDeniedList({ sdn, alt, add })).toEqual([
      {
        entryNumber: '7',
        name: 'DOE, "Johnny" Q',
        type: 'individual',
        program: 'CUBA] [SDGT',
        remarks: 'DOB 01 Jan 1960; POB Havana, Cuba.',
        aliases: ['DOE, Jean', 'DOE, Ivan'],
        addresses: [{ address: 'Calle 23', city: 'Havana', country: 'CU' }],
      },
      {
        entryNumber: '36',
        name: 'AEROCARIBBEAN AIRLINES',
        type: null,
        program: 'CUBA',
        remarks: null,
        aliases: [],
        addresses: [{ address: null, city: 'Pyongyang', country: 'KP' }],
      },
    ])
  })

  it.each([
    ['too few columns', { sdn: `${sdn}\r\n8,"X"` }, 'sdn, line 4: a line has 12 columns'],
    ['an entry without a name', { sdn: sdn.replace('"AEROCARIBBEAN AIRLINES"', '-0-') }, 'sdn, line 2: an entry needs'],
    ['a number that stands twice', { sdn: sdn.replace('36,', '7,') }, 'sdn, line 2: this number stands twice'],
    ['nobody', { sdn: '\u001a\r\n' }, 'sdn, line 1: there is no entry'],
    ['an alias of nobody', { sdn, alt: '8,1,"aka","X",-0-' }, 'alt, line 1: there is no entry of this number'],
    ['an address of nobody', { sdn, add: '8,1,"X","Y","Cuba",-0-' }, 'add, line 1: there is no entry of this number'],
    ['a file that is not CSV', { sdn: '7,"DOE' }, 'sdn, line 1: this is not CSV'],
  ])('is refused with %s', (_what, files, message) => {
    expect(() => readDeniedList(files)).toThrow(message)
  })

  it.each([
    ['Cuba', 'CU'],
    ['Korea, North', 'KP'],
    ['Congo, Democratic Republic of the', 'CD'],
    ['Cote d Ivoire', 'CI'],
    ['Region: Crimea', 'UA'],
    ['Vietnam', 'VN'],
    ['Saint Vincent and the Grenadines', 'VC'],
    ['DE', 'DE'],
    ['undetermined', null],
  ])('knows %s as %s', (name, code) => {
    expect(countryOf(name)).toBe(code)
  })
})
