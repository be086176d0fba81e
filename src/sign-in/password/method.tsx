import type { Method } from '../method.ts'
import { ToPasswordPage } from './pages.tsx'

/** An address and a password, which its owner chose after a sign-in by email. */
export const passwordMethod: Method = {
  name: 'password',
  proof: 'password',
  label: (words) => words.password.toPage,
  isOn: ({ allowsPasswords }) => allowsPasswords,
  SignInForm: ToPasswordPage,
  routes: [
    'GET /sign-in/password',
    'POST /sign-in/password',
    'GET /sign-in/register',
    'POST /sign-in/register',
    'GET /sign-in/reset',
    'POST /sign-in/reset',
    'GET /account/password',
    'POST /account/password',
    'POST /account/password/remove',
  ],
}
