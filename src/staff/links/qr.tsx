export type QrCode = {
  /** Modules on a side, the blank border included. */
  size: number
  /** Of the dark ones, as SVG. */
  path: string
}

/** As wide as ISO/IEC 18004 asks for, or cameras do not find the code. */
const border = 4

/** The library is loaded at its first use: few need it. */
export async function qrCodeOf(text: string): Promise<QrCode> {
  const { encodeQR } = await import('qr')
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border })
  const path = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
  return { size: modules.length, path: path.join('') }
}

/** Dark on light in every theme: few cameras read the reverse. */
export function QrPicture({ code: { size, path }, label }: { code: QrCode; label: string }) {
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      width={size * 6}
      height={size * 6}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
