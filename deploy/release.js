// Makes what a release is, in release/ or the folder that is named: the package, its SBOM (CycloneDX), and the licenses in it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'))
/** Licenses that ask for no more than their text beside the program. */
const free = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'MIT-0',
  'BlueOak-1.0.0',
  'WTFPL',
])

const folder = process.argv[2] ?? 'release'
mkdirSync(folder, { recursive: true })
npm('pack', '--silent', '--ignore-scripts', '--pack-destination', folder)

const sbom = JSON.parse(
  npm('sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'),
)
// Not by --omit=dev, which leaves out what a development dependency needs, too.
sbom.components = sbom.components.filter(
  ({ properties = [] }) => !properties.some((property) => property.name === 'cdx:npm:package:development'),
)
const shipped = new Set(
  [...sbom.components, sbom.metadata.component].map((component) => component['bom-ref']),
)
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => shipped.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => shipped.has(each)) }))
// npm puts the name of the folder here.
sbom.metadata.component.name = name
writeFileSync(`${folder}/${name}-${version}.cdx.json`, `${JSON.stringify(sbom, null, 2)}\n`)

const licenses = sbom.components.map((component) => ({
  of: `${[component.group, component.name].filter(Boolean).join('/')} ${component.version}`,
  license: licenseOf(component),
}))
const lines = licenses.map(({ of, license }) => `${of}: ${license}\n`).toSorted()
writeFileSync(`${folder}/${name}-${version}.licenses.txt`, lines.join(''))

const others = licenses.filter(
  ({ license }) => !license.split(/[() ]+(?:OR )?/).some((each) => free.has(each)),
)
if (others.length > 0) {
  process.stderr.write(
    `Ask before it is shipped:\n${others.map(({ of, license }) => `  ${of}: ${license}\n`).join('')}`,
  )
  process.exitCode = 1
}

function licenseOf({ licenses: named = [] }) {
  return (
    named.map(({ license, expression }) => expression ?? license.id ?? license.name).join(' AND ') ||
    'none named'
  )
}

function npm(...args) {
  return execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 50_000_000 })
}
