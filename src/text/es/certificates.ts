import type { certificates as english } from '../en/certificates.ts'
import { counted } from './counted.ts'

export const certificates: typeof english = {
  heading: 'Certificados',
  states: {
    valid: (day) => `Válido hasta el ${day}`,
    expires_soon: (day) => `Vence pronto: válido hasta el ${day}`,
    expired: (day) => `Venció. Era válido hasta el ${day}`,
    no_end: 'Sin fecha de vencimiento',
  },
  earned: (day) => `Obtenido el ${day}`,
  none: 'VOMO no muestra ningún certificado a tu nombre.',
  notTold: 'VOMO no nos dice qué certificados tienes.',
  askAbout: (contact) => `Para saber cuáles están en tu registro, habla con ${contact}.`,
  defined: (organization) => `Estos son los que usa ${organization}.`,
  years: (n) => `Válido por ${counted(n, 'año', 'años')}`,
  days: (n) => `Válido por ${counted(n, 'día', 'días')}`,
  loading: 'La lista de certificados todavía se está cargando desde VOMO.',
}
