import { expect, test } from 'vitest'
import { Refusal } from '../errors.ts'
import { mostPictureBytes, readPicture } from './picture.ts'

const svg = (inside: string, root = 'viewBox="0 0 48 24"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inside}</svg>`)

function png(width: number, height: number): Buffer {
  const file = Buffer.alloc(33)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(file)
  file.writeUInt32BE(13, 8)
  file.write('IHDR', 12, 'latin1')
  file.writeUInt32BE(width, 16)
  file.writeUInt32BE(height, 20)
  return file
}

/** A JPEG with an APP0 segment before its frame, as cameras and programs write it. */
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 2, 3, 4]), frame])
}

function webp(kind: string, write: (file: Buffer) => void): Buffer {
  const file = Buffer.alloc(40)
  file.write('RIFF', 0, 'latin1')
  file.write(`WEBP${kind}`, 8, 'latin1')
  write(file)
  return file
}

const webps = {
  'VP8 ': webp('VP8 ', (file) => {
    file.writeUInt16LE(300, 26)
    file.writeUInt16LE(100, 28)
  }),
  VP8L: webp('VP8L', (file) => {
    file[20] = 0x2f
    file.writeUInt32LE(299 | (99 << 14), 21)
  }),
  VP8X: webp('VP8X', (file) => {
    file.writeUIntLE(299, 24, 3)
    file.writeUIntLE(99, 27, 3)
  }),
}

test.each([
  ['PNG', png(300, 100), 'png'],
  ['JPEG', jpeg(300, 100), 'jpg'],
  ['WebP with loss', webps['VP8 '], 'webp'],
  ['WebP without loss', webps.VP8L, 'webp'],
  ['WebP of many parts', webps.VP8X, 'webp'],
  ['SVG by its size', svg('', 'width="300" height="100px" viewBox="0 0 3 1"'), 'svg'],
  ['SVG by its box', svg('', 'viewBox="0 0 300 100"'), 'svg'],
  [
    'SVG after a declaration',
    Buffer.from('<?xml version="1.0"?>\n<!-- drawn -->\n<svg viewBox="0,0,300,100"/>'),
    'svg',
  ],
])('%s tells its size', (_, file, extension) => {
  expect(readPicture(file)).toMatchObject({ extension, width: 300, height: 100, suitsDark: false })
})

test('a picture is what its content says, whatever its file is called', () => {
  for (const file of ['', 'GIF89a', '<html><svg viewBox="0 0 1 1"></svg></html>', '%PDF-1.7', '\u0089PNG']) {
    expect(() => readPicture(Buffer.from(file, 'latin1')), file).toThrow(Refusal)
  }
  expect(() => readPicture(png(0, 10))).toThrow(Refusal)
  expect(() => readPicture(png(100_000, 10))).toThrow(Refusal)
  expect(() => readPicture(svg('', ''))).toThrow(Refusal)
  expect(() => readPicture(Buffer.concat([png(10, 10), Buffer.alloc(mostPictureBytes)]))).toThrow(Refusal)
})

test('an SVG that knows the dark says so', () => {
  const style = '<style>@media (prefers-color-scheme: dark) { path { fill: #fff } }</style><path d="M0 0"/>'
  expect(readPicture(svg(style)).suitsDark).toBe(true)
})

test('an SVG may draw, and refer to itself', () => {
  const drawn = `<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
    <g fill="url(#a)"><circle cx="1" cy="1" r="1"/><use href="#a"/><text>Riverbend</text></g>
    <metadata/><filter id="b"><feOffset dx="1"/></filter>`
  expect(readPicture(svg(drawn)).extension).toBe('svg')
})

test.each([
  '<script>alert(1)</script>',
  '<SCRIPT href="x.js"/>',
  '<svg:script>alert(1)</svg:script>',
  '<path onload="alert(1)"/>',
  '<path\nOnClick = "alert(1)"/>',
  '<foreignObject><body/></foreignObject>',
  '<image href="https://elsewhere.example/x.png"/>',
  '<use href="https://elsewhere.example/x.svg#a"/>',
  "<use xlink:href='//elsewhere.example/x.svg'/>",
  '<a href="javascript:alert(1)"><path/></a>',
  '<animate attributeName="href" to="javascript:alert(1)"/>',
  '<set attributeName="onload" to="alert(1)"/>',
  '<style>@import url(https://elsewhere.example/x.css);</style>',
  '<path fill="url(https://elsewhere.example/x)"/>',
  '<path style="background:url( \'//elsewhere.example\')"/>',
  '<style>a{background:u\\72l(//elsewhere.example)}</style>',
  '<path &#111;nload="alert(1)"/>',
])('an SVG that would do more than draw is refused: %s', (inside) => {
  expect(() => readPicture(svg(inside))).toThrow(Refusal)
})

test.each(['<!DOCTYPE svg [<!ENTITY x "y">]>', '<?xml-stylesheet href="x.css"?>'])(
  'nor is one taken that begins with %s',
  (before) => {
    expect(() => readPicture(Buffer.concat([Buffer.from(before), svg('')]))).toThrow(Refusal)
  },
)
