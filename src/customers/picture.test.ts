import { expect, test } from 'vitest'
import { Refusal } from '../errors.ts'
import { maxPictureBytes, readPicture } from './picture.ts'

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

test('a picture’s type comes from its content, not from its file name', () => {
  for (const file of ['', 'GIF89a', '<html><svg viewBox="0 0 1 1"></svg></html>', '%PDF-1.7', '\u0089PNG']) {
    expect(() => readPicture(Buffer.from(file, 'latin1')), file).toThrow(Refusal)
  }
  expect(() => readPicture(png(0, 10))).toThrow(Refusal)
  expect(() => readPicture(png(100_000, 10))).toThrow(Refusal)
  expect(() => readPicture(svg('', ''))).toThrow(Refusal)
  expect(() => readPicture(Buffer.concat([png(10, 10), Buffer.alloc(maxPictureBytes)]))).toThrow(Refusal)
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

/** As Inkscape, Illustrator and Figma write them. */
const fromPrograms = [
  `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg width="210mm" height="297mm" viewBox="0 0 210 297" version="1.1" id="svg5" inkscape:version="1.2.2"
   sodipodi:docname="logo.svg" inkscape:export-filename="/home/rosa/logo.png"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:xlink="http://www.w3.org/1999/xlink"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg"
   xmlns:svg="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
   xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff"><inkscape:grid type="xygrid" /></sodipodi:namedview>
  <metadata><rdf:RDF><cc:Work rdf:about=""><dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage" /></cc:Work></rdf:RDF></metadata>
  <defs id="defs2"><linearGradient id="a" xlink:href="#b" /></defs>
  <g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
    <path style="fill:url(#a);font-family:'Open Sans';-inkscape-font-specification:'Open Sans'" d="M 1,2 3,4" inkscape:connector-curvature="0" />
  </g>
</svg>`,
  `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 24.0.1, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px" y="0px"
\t viewBox="0 0 300 100" style="enable-background:new 0 0 300 100;" xml:space="preserve">
<style type="text/css"><![CDATA[
\t.st0{clip-path:url(#SVGID_2_);fill:#E30613;} .st1{font-family:&x;}
]]></style>
<g><defs><rect id="SVGID_1_" width="10" height="10"/></defs><clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_"  style="overflow:visible;"/></clipPath></g>
<text transform="matrix(1 0 0 1 0 5)" style="font-family:&quot;Open Sans&quot;">Ana &amp; Co.</text>
</svg>`,
  `<svg width="48" height="48" viewBox="0 0 48 48" fill="none" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="x" data-name="y">
<g filter="url(#filter0_d)" clip-path="url('#c')"><path fill-rule="evenodd" d="M24 4L4 24Z" fill="white" fill-opacity="0.1"/></g>
<filter id="filter0_d" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB"><feFlood flood-opacity="0" result="BackgroundImageFix"/>
<feColorMatrix in="SourceAlpha" type="matrix" values="0 0 0 0 0" result="hardAlpha"/></filter>
<style>@media (prefers-color-scheme: dark) and (min-width: 1px) { path:not(.x) { fill: rgb(1 2 3 / 50%); transform: rotate(calc(1deg + 2deg)) } }</style></svg>`,
]

test.each(fromPrograms)('an SVG as drawing programs write it is taken (%#)', (text) => {
  expect(readPicture(Buffer.from(text)).extension).toBe('svg')
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

test.each([
  `<style>a{background:image-set('http://elsewhere.example/x.png' 1x)}</style>`,
  '<style>a{background:-webkit-image-set("//elsewhere.example/x" 1x)}</style>',
  '<style>a{background:cross-fade("x.png", red)}</style>',
  '<style>a{background:src("https://elsewhere.example/x.png")}</style>',
  '<style>@font-face{font-family:a;src:local(x)}</style>',
  '<style>@import "https://elsewhere.example/x.css";</style>',
  '<style>@IMPORT "x.css";</style>',
  '<style>@namespace x "y";</style>',
  '<style>a{fill:UrL( x )}</style>',
  '<style>a{fill:url(\n"data:image/svg+xml,x")}</style>',
  '<style><![CDATA[@import "x.css";]]></style>',
  '<style>@imp<![CDATA[ort]]> "x.css";</style>',
  '<style>a{behavior:expression(alert(1))}</style>',
  '<style>a{fill:paint(x)}</style>',
  '<path style="fill:image-set(&quot;x.png&quot; 1x)"/>',
  '<path style="fill:u&rl;(x)"/>',
  '<path fill="u&#114;l(x)"/>',
  '<g xml:base="https://elsewhere.example/"><use href="#a"/></g>',
  '<use href="data:image/svg+xml,x"/>',
  '<use href=" https://elsewhere.example/x#a"/>',
  '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="//elsewhere.example/x#a"/>',
  '<animate attributeName="href" to="https://elsewhere.example/"/>',
  '<animateMotion path="M0 0"/>',
  '<discard begin="1s"/>',
  '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="https://elsewhere.example/x.png"/>',
  '<img xmlns="http://www.w3.org/1999/xhtml" src="x.png"/>',
  '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
  '<g xmlns:s="http://purl.org/dc/"><g xmlns:s="http://www.w3.org/1999/xhtml"><s:iframe/></g></g>',
  '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"/>',
  '<unknown:x/>',
  '<path ping="https://elsewhere.example/"/>',
  '<path autofocus="" onfocusin="alert(1)"/>',
  '<font-face-uri href="#a"/>',
  '<feImage href="#a"/>',
  '<?php x ?>',
  '<g>',
  '</g>',
  '<path d="a" <script/>',
  '<path d=a/>',
])('row 22: an SVG that would load something, or might, is refused: %s', (inside) => {
  expect(() => readPicture(svg(inside))).toThrow(Refusal)
})

test.each(['UTF-7', 'utf-16', 'iso-8859-1', 'UTF-8 " x="', 'x-user-defined'])(
  'row 22: nor is one taken that says it is written in %s',
  (encoding) => {
    const declared = `<?xml version="1.0" encoding="${encoding}"?>`
    const hidden = Buffer.from(
      `${declared}<svg viewBox="0 0 1 1">+ADw-script+AD4-alert(1)+ADw-/script+AD4-</svg>`,
    )
    expect(() => readPicture(hidden)).toThrow(Refusal)
  },
)

test('what is refused is named', () => {
  const told = (inside: string): string => {
    try {
      readPicture(svg(inside))
    } catch (error) {
      if (error instanceof Refusal) return error.fields['logo'] ?? ''
    }
    return ''
  }
  expect(told('<image href="x.png"/>')).toBe(
    'must be an SVG that draws and does nothing else: it has the element image',
  )
  expect(told('<path style="fill:image-set(x)"/>')).toContain('style on path')
  expect(told('<style>@import "x"</style>')).toContain('@import in its CSS')
})

test('a picture of many small parts is read in a moment', () => {
  for (const part of ['<g/>', '<g>', ' x=""', '<!--', '&amp;', 'a(', '<![CDATA[', '@']) {
    const beganAt = performance.now()
    const inside = part.repeat(Math.floor(99_000 / part.length))
    expect(() => readPicture(svg(part === '<g/>' ? `${inside}<script/>` : `<style>${inside}`)), part).toThrow(
      Refusal,
    )
    expect(performance.now() - beganAt, part).toBeLessThan(5_000)
  }
})

test.each(['<!DOCTYPE svg [<!ENTITY x "y">]>', '<?xml-stylesheet href="x.css"?>'])(
  'nor is one taken that begins with %s',
  (before) => {
    expect(() => readPicture(Buffer.concat([Buffer.from(before), svg('')]))).toThrow(Refusal)
  },
)
